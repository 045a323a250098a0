"""Interventions: rules, breakpoints, injected requests; pure, one frame at a time.

A `Desk` holds what is to be done at present and makes a `Clerk` for each session, who passes the
verdicts. What they mean on the wire is the session's business.
"""

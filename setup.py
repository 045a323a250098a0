"""The accelerator, which is built where there is a compiler; everything else is in pyproject.toml.

It keeps to the stable ABI, so that one build serves every version of Python from 3.11 on.
"""

from pathlib import Path

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "xmppspy.protocol._accelerator",
            sources=sorted(map(str, Path("accelerator").glob("*.c"))),
            depends=sorted(map(str, Path("accelerator").glob("*.h"))),
            extra_compile_args=["-O2"],
            py_limited_api=True,
            optional=True,
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)

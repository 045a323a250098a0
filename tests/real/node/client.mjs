// xmpp.js as a client program: `client.mjs JSON` prints one line of JSON at its end.
//
// Romeo and juliet log in and talk; what each of them saw is printed. What passes below
// xmpp.js's parser and above its TLS is kept in FOLDER/USER.received and FOLDER/USER.sent.
// It knows nothing of xmppspy. NODE_EXTRA_CA_CERTS names the CA to trust.
//
// xmpp.js 0.14 does not count iq results as handled (XEP-0198), so that the server believes its
// last stanzas lost, and delivers messages again at the next login. They are told apart by id.

import { randomUUID } from "node:crypto";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { client, xml } from "@xmpp/client";

const settings = JSON.parse(process.argv[2]);
const [question, answer] = settings.speeches;

class Player {
  constructor(user) {
    this.user = user;
    this.stanzas = { c2s: {}, s2c: {} };
    this.seen = [];
    this.waiting = [];
    const scheme = settings.tls === "direct" ? "xmpps" : "xmpp";
    this.entity = client({
      service: `${scheme}://${settings.host}:${settings.port}`,
      domain: settings.domain,
      resource: "xmpp.js",
      username: user,
      password: settings.password,
      timeout: 30_000,
    });
    this.entity.reconnect.stop();
    // While it leaves, xmpp.js may still acknowledge a stanza (XEP-0198) to a server that has
    // closed the connection; what it then complains of is no part of the story.
    this.leaving = false;
    this.entity.on("error", (error) => this.leaving || fail(error));
    this.entity.on("stanza", (stanza) => this.#see(stanza));
    this.entity.on("send", (element) => this.#count("c2s", element));
    this.#tap();
  }

  async enter(show, status) {
    await this.entity.start();
    const roster = await this.entity.iqCaller.get(xml("query", "jabber:iq:roster"));
    await this.entity.iqCaller.set(xml("enable", "urn:xmpp:carbons:2"));
    await this.entity.send(
      xml("presence", {}, xml("show", {}, show), xml("status", {}, status)),
    );
    const items = roster.getChildren("item").map(({ attrs }) => [attrs.jid, attrs.subscription]);
    return Object.fromEntries(items);
  }

  async sees(other, kind) {
    const from = other.entity.jid.toString();
    const presence = await this.#next(
      (stanza) =>
        stanza.name === "presence" &&
        stanza.attrs.from === from &&
        (stanza.getChildText("show") ?? stanza.attrs.type) === kind,
    );
    return [from, kind, presence.getChildText("status") ?? ""];
  }

  async says(listener, words) {
    const to = listener.entity.jid.toString();
    const id = randomUUID();
    await this.entity.send(xml("message", { type: "chat", to, id }, xml("body", {}, words)));
    const message = await listener.#next(
      (stanza) => stanza.name === "message" && stanza.attrs.id === id,
    );
    return message.getChildText("body");
  }

  async pings() {
    const pong = await this.entity.iqCaller.get(xml("ping", "urn:xmpp:ping"), settings.domain);
    return pong === undefined;
  }

  async archive(count) {
    const page = xml("set", "http://jabber.org/protocol/rsm");
    page.append(xml("max", {}, String(count)));
    page.append(xml("before"));
    const query = xml("query", { xmlns: "urn:xmpp:mam:2", queryid: "q1" }, page);
    await this.entity.iqCaller.set(query);
    return this.seen
      .map((stanza) => stanza.getChild("result", "urn:xmpp:mam:2"))
      .filter((result) => result !== undefined)
      .map((result) => result.getChild("forwarded", "urn:xmpp:forward:0").getChild("message"))
      .map((message) => [message.attrs.from, message.getChildText("body")]);
  }

  async leaves() {
    this.leaving = true;
    await this.entity.stop().catch(() => undefined);
  }

  #see(stanza) {
    this.#count("s2c", stanza);
    this.seen.push(stanza);
    this.waiting = this.waiting.filter((look) => !look(stanza));
  }

  // The first stanza that is wanted, of those seen before and those to come.
  #next(isWanted) {
    const seen = this.seen.find(isWanted);
    if (seen !== undefined) return Promise.resolve(seen);
    return new Promise((resolve) => {
      this.waiting.push((stanza) => isWanted(stanza) && (resolve(stanza), true));
    });
  }

  #count(direction, { name }) {
    if (["message", "presence", "iq"].includes(name)) {
      this.stanzas[direction][name] = (this.stanzas[direction][name] ?? 0) + 1;
    }
  }

  // xmpp.js attaches the bare socket first and after STARTTLS the one over TLS.
  #tap() {
    const [received, sent] = ["received", "sent"].map((way) =>
      join(settings.folder, `${this.user}.${way}`),
    );
    for (const file of [received, sent]) writeFileSync(file, "");
    const attach = this.entity._attachSocket.bind(this.entity);
    this.entity._attachSocket = (socket) => {
      socket.on("data", (data) => appendFileSync(received, data));
      attach(socket);
    };
    const write = this.entity.write.bind(this.entity);
    this.entity.write = async (text) => {
      await write(text);
      appendFileSync(sent, text);
    };
  }
}

async function converse() {
  const [romeo, juliet] = [new Player("romeo"), new Player("juliet")];
  const story = {};
  story["romeo's roster"] = await romeo.enter("chat", "under the balcony");
  story["juliet's roster"] = await juliet.enter("away", "on the balcony");
  story["romeo sees"] = await romeo.sees(juliet, "away");
  story["juliet sees"] = await juliet.sees(romeo, "chat");
  story["juliet hears"] = await romeo.says(juliet, question);
  story["romeo hears"] = await juliet.says(romeo, answer);
  story["pinged"] = await romeo.pings();
  story["archive"] = await romeo.archive(2);
  await juliet.leaves();
  story["romeo sees at last"] = await romeo.sees(juliet, "unavailable");
  await romeo.leaves();
  return { story, stanzas: { romeo: romeo.stanzas, juliet: juliet.stanzas } };
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

setTimeout(() => fail(new Error("took too long")), 60_000).unref();
converse().then((result) => console.log(JSON.stringify(result)), fail);

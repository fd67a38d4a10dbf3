/// <reference types="@cloudflare/vitest-plugin/types" />
import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { makeApp } from "../../src/api/app.ts";
import worker from "../../src/worker.ts";
test("x", async () => {
	const e = { ...(env as any), ADMIN_KEY: "k" };
	const f = (p: string, i: any = {}) => (worker as any).fetch(new Request("http://h" + p, { ...i, headers: { authorization: "Bearer k", ...i.headers } }), e);
	const out: any[] = [];
	for (const [p, i] of [["/healthz"], ["/v1/teams"], ["/v1/sessions", { method: "POST", body: JSON.stringify({ question: "x".repeat(2e6) }) }], ["/v1/sessions", { method: "POST", body: new ReadableStream({ pull(c: any) { c.enqueue(new Uint8Array(65536)); } }) }], ["/v1/sessions", { method: "POST", body: JSON.stringify({ question: "What is 2+3?" }) }], ["/v1/backends"], ["/v1/sessions", { method: "HEAD" }]] as any) {
		const r = await f(p, i);
		out.push([p, r.status, (await r.text()).slice(0, 300)]);
	}
	console.log(JSON.stringify(out, null, 1));
	const list = await (await f("/v1/sessions")).json();
	const id = list.sessions[0].id;
	const ev = await f(`/v1/sessions/${id}/events`);
	console.log(ev.status, [...ev.headers]);
	const text = await ev.text();
	console.log(text.slice(-600));
	const ws = await f(`/v1/sessions/${id}/events`, { headers: { upgrade: "websocket" } });
	console.log("ws", ws.status, ws.webSocket !== null);
	ws.webSocket?.accept(); ws.webSocket?.close();
	console.log(JSON.stringify(await (await f(`/v1/sessions/${id}`)).json()).slice(0, 600));
	console.log((await f(`/v1/sessions/${id}`, { method: "DELETE" })).status, (await f(`/v1/sessions/${id}`)).status);
	void makeApp; expect(1).toBe(1);
}, 60000);

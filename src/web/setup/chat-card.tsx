import { isThisMachine } from "./this-machine.ts";
import type { ChatApp } from "./chat-apps.ts";
import { CheckList } from "./check-list.tsx";
import { checksOfPlatform, connectionOf, type Connection, type SetupCheck } from "./checks.ts";
import { CopyLine } from "./copy-line.tsx";

type Props = {
	readonly app: ChatApp;
	/** All of the deployment's; null: not known yet. */
	readonly checks: readonly SetupCheck[] | null;
};

const said = {
	unknown: ["", "looking…"],
	none: ["", "not connected"],
	part: ["warn", "not ready"],
	ready: ["good", "connected"],
} as const satisfies Record<Connection, readonly [tone: string, words: string]>;

/** A chat platform: at a glance whether it is connected, unfolded how to get there. */
export function ChatCard({ app, checks }: Props) {
	const own = checks === null ? null : checksOfPlatform(checks, app.name);
	const connection = connectionOf(own);
	const [tone, words] = said[connection];
	return (
		<details className="setup-card card" name="chat" aria-label={app.title}>
			<summary>
				<h2>{app.title}</h2>
				<span className={`chip ${tone}`}>{words}</span>
				<span className="soft setup-what">{app.what}</span>
			</summary>
			<div className="setup-body">
				{connection !== "ready" && (
					<ol>
						{app.steps.map((step) => (
							<li key={step}>{step}</li>
						))}
					</ol>
				)}
				{own !== null && own.length > 0 && <CheckList checks={own} of={app.title} />}
				{isThisMachine(location.hostname) && (
					<p className="notice">
						{app.title} cannot reach {location.host}, which is an address of this machine alone. Deploy the
						Worker, or open a tunnel, and come back by that address.
					</p>
				)}
				<dl className="copy-lines" aria-label={`Addresses for ${app.title}`}>
					{app.addresses.map(({ name, path, opens }) => (
						<CopyLine key={path} name={name} url={location.origin + path} opens={opens} />
					))}
				</dl>
			</div>
		</details>
	);
}

import "./export.css";
import { useState } from "react";
import { faultText } from "../shell/fault-text.ts";
import { Sheet } from "../shell/sheet.tsx";
import { useReplay } from "../replay/replay-context.ts";
import { fileNameOf } from "./file-name.ts";
import { offlineHtml } from "./offline-html.ts";
import { saved } from "./saved.ts";
import type { Exports } from "./use-exports.ts";

const kinds = [
	["md", "Markdown", "The question, the answer, how it was decided, and every version; to read and to paste."],
	["json", "JSON", "The session and every event of its log; for programs."],
	["html", "Web page", "One file that shows and replays the session without a server or a network."],
] as const;

type Kind = (typeof kinds)[number][0];

/** Takes a session along as a file. */
export function ExportSheet({ exports, close }: { readonly exports: Exports; readonly close: () => void }) {
	const { recording } = useReplay();
	const [busy, setBusy] = useState<Kind | null>(null);
	const [fault, setFault] = useState<string | null>(null);
	const { question } = recording.live.view;
	const made = async (kind: Kind): Promise<Blob> => {
		if (kind !== "html") return exports.fetchFile(kind);
		const response = await fetch("/offline.txt");
		const html = response.ok ? offlineHtml(await response.text(), recording.events) : null;
		return html === null ? Promise.reject(new Error("too long")) : new Blob([html], { type: "text/html" });
	};
	const take = async (kind: Kind) => {
		setBusy(kind);
		setFault(null);
		try {
			saved(await made(kind), fileNameOf(question, kind));
		} catch (error) {
			setFault(kind === "html" ? "This session cannot be made into a page; take the JSON." : faultText(error));
		} finally {
			setBusy(null);
		}
	};
	return (
		<Sheet title="Export" close={close}>
			<ul className="plain export-list">
				{kinds.map(([kind, name, what]) => (
					<li key={kind}>
						<div>
							<h3>{name}</h3>
							<p className="soft">{what}</p>
						</div>
						<button
							type="button"
							className="button"
							disabled={busy !== null}
							onClick={() => void take(kind)}
						>
							{busy === kind ? "Making…" : "Save"}
							<span className="unseen"> as {name}</span>
						</button>
					</li>
				))}
			</ul>
			{fault !== null && (
				<p className="notice bad" role="alert">
					{fault}
				</p>
			)}
		</Sheet>
	);
}

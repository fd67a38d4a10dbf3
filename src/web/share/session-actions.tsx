import { Suspense, lazy, useState } from "react";
import { useRoom } from "../state/room.ts";
import { useExports } from "../export/use-exports.ts";

const ShareSheet = lazy(async () => ({ default: (await import("./share-sheet.tsx")).ShareSheet }));
const ExportSheet = lazy(async () => ({ default: (await import("../export/export-sheet.tsx")).ExportSheet }));

/** What can be done with a whole session: give others a link, or take it along as a file. */
export function SessionActions() {
	const { seat } = useRoom();
	const exports = useExports();
	const [open, setOpen] = useState<"share" | "export" | null>(null);
	const close = () => setOpen(null);
	if (seat === null && exports === null) return null;
	return (
		<div className="session-actions">
			{seat !== null && (
				<button type="button" className="button" onClick={() => setOpen("share")}>
					Share
				</button>
			)}
			{exports !== null && (
				<button type="button" className="button" onClick={() => setOpen("export")}>
					Export
				</button>
			)}
			<Suspense fallback={null}>
				{open === "share" && seat !== null && <ShareSheet seat={seat} close={close} />}
				{open === "export" && exports !== null && <ExportSheet exports={exports} close={close} />}
			</Suspense>
		</div>
	);
}

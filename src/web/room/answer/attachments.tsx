import type { FileRef } from "../../../consensus/events.ts";
import { useRoom } from "../../state/room.ts";

/** What was sent with the question. Only whoever has the key may fetch it. */
export function Attachments({ files }: { readonly files: readonly FileRef[] }) {
	const { seat } = useRoom();
	if (files.length === 0) return null;
	const fetched = async (file: FileRef) => {
		if (seat === null) return;
		const url = URL.createObjectURL(await seat.client.file(seat.id, file.file));
		const link = document.createElement("a");
		link.href = url;
		link.download = file.name;
		link.click();
		URL.revokeObjectURL(url);
	};
	return (
		<ul className="plain attachments" aria-label="Attachments">
			{files.map((file) => (
				<li key={file.file}>
					<button type="button" className="chip" disabled={seat === null} onClick={() => void fetched(file)}>
						<bdi>{file.name}</bdi> <span className="numeric">{Math.ceil(file.bytes / 1024)} kB</span>
					</button>
				</li>
			))}
		</ul>
	);
}

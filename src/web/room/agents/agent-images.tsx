import { useEffect, useState } from "react";
import type { ImageView } from "../../../api/view.ts";
import { useRoom } from "../../state/room.ts";

/** Pictures that an agent made; they are files of the session and are fetched with its key. */
export function AgentImages({ images }: { readonly images: readonly ImageView[] }) {
	if (images.length === 0) return null;
	return (
		<div className="agent-images">
			{images.map(({ file, bytes }) => (
				<SessionPicture key={file} file={file} bytes={bytes} />
			))}
		</div>
	);
}

function SessionPicture({ file, bytes }: Pick<ImageView, "file" | "bytes">) {
	const { seat } = useRoom();
	const [url, setUrl] = useState<string | null>(null);
	const client = seat?.client;
	const id = seat?.id;
	useEffect(() => {
		if (client === undefined || id === undefined) return;
		let made: string | null = null;
		let gone = false;
		client.file(id, file).then(
			(blob) => {
				if (gone) return;
				made = URL.createObjectURL(blob);
				setUrl(made);
			},
			() => setUrl(null),
		);
		return () => {
			gone = true;
			if (made !== null) URL.revokeObjectURL(made);
		};
	}, [client, id, file]);
	if (url === null)
		return (
			<span className="chip">
				picture {file}, {Math.ceil(bytes / 1024)} kB
			</span>
		);
	return <img src={url} alt={`Made by this agent: ${file}`} />;
}

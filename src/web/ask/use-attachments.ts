import { useState, type ClipboardEvent, type DragEvent } from "react";
import { attachedOf, attachmentsMax } from "./attached-of.ts";
import type { Attached } from "./draft.ts";

export type Attachments = {
	readonly attached: readonly Attached[];
	readonly add: (files: Iterable<File>) => void;
	readonly remove: (attached: Attached) => void;
	readonly drop: (event: DragEvent) => void;
	readonly paste: (event: ClipboardEvent) => void;
};

/** The files that go with a question, chosen, dropped or pasted; `say` tells what could not be taken. */
export function useAttachments(say: (fault: string | null) => void): Attachments {
	const [attached, setAttached] = useState<readonly Attached[]>([]);
	const take = async (files: Iterable<File>) => {
		const taken = await Promise.all([...files].slice(0, attachmentsMax + 1).map(attachedOf));
		const faults = taken.filter((file) => typeof file === "string");
		const all = [...attached, ...taken.filter((file) => typeof file !== "string")];
		if (all.length > attachmentsMax) faults.push(`At most ${attachmentsMax} files can be sent.`);
		setAttached(all.slice(0, attachmentsMax));
		say(faults.length === 0 ? null : faults.join(" "));
	};
	const add = (files: Iterable<File>) => void take(files);
	return {
		attached,
		add,
		remove: (gone) => setAttached(attached.filter((file) => file !== gone)),
		drop: (event) => {
			event.preventDefault();
			add(event.dataTransfer.files);
		},
		paste: (event) => {
			if (event.clipboardData.files.length === 0) return;
			event.preventDefault();
			add(event.clipboardData.files);
		},
	};
}

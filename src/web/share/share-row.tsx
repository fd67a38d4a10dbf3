import type { ShareList } from "../../api/share-schema.ts";

type Props = {
	readonly share: ShareList["shares"][number];
	readonly busy: boolean;
	readonly end: () => void;
};

/** A link that opens, until when, and the way to end it. */
export function ShareRow({ share: { id, created_at, expires_at }, busy, end }: Props) {
	return (
		<li>
			<span>
				Made <Day at={created_at} />,{" "}
				{expires_at === null ? (
					"until you end it"
				) : (
					<>
						opens until <Day at={expires_at} />
					</>
				)}
			</span>
			<button type="button" className="button bad" disabled={busy} onClick={end}>
				End<span className="unseen"> link {id}</span>
			</button>
		</li>
	);
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function Day({ at }: { readonly at: string }) {
	return (
		<time className="numeric" dateTime={at}>
			{day.format(new Date(at))}
		</time>
	);
}

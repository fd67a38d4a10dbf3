const paths = {
	play: "M4 2.500v11l9-5.500z",
	pause: "M4 2.500h3v11h-3z M9 2.500h3v11h-3z",
	next: "M3 2.500v11l7-5.500z M11 2.500h2v11h-2z",
	previous: "M13 2.500v11l-7-5.500z M3 2.500h2v11h-2z",
} as const;

/** The signs that players have; fonts do not all have them. */
export function PlayIcon({ shape }: { readonly shape: keyof typeof paths }) {
	return (
		<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" fill="currentcolor">
			<path d={paths[shape]} />
		</svg>
	);
}

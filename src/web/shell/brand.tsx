import { Go } from "./go.tsx";

/** The mark and the name: three who think, one answer. */
export function Brand() {
	return (
		<Go to="/" className="brand">
			<svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
				<rect width="32" height="32" rx="8" fill="var(--accent-fill)" />
				<g fill="none" stroke="#fff" strokeWidth="2.4" strokeLinecap="round" opacity=".55">
					<path d="M9 10.500 16 21M23 10.500 16 21M16 8v13" />
				</g>
				<g fill="#fff">
					<circle cx="9" cy="9.500" r="2.800" />
					<circle cx="16" cy="7.500" r="2.800" />
					<circle cx="23" cy="9.500" r="2.800" />
					<circle cx="16" cy="23" r="4" />
				</g>
			</svg>
			<span>MassGen Edge</span>
		</Go>
	);
}

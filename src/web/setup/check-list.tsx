import type { SetupCheck } from "./checks.ts";

/** What was looked at, and what to do where it is not as it has to be. */
export function CheckList({ checks, of }: { readonly checks: readonly SetupCheck[]; readonly of: string }) {
	return (
		<ul className="plain checks" aria-label={`Checks of ${of}`}>
			{checks.map(({ name, ok, detail, fix }) => (
				<li key={name} data-ok={ok}>
					<span className={ok ? "chip good" : "chip bad"}>{ok ? "✓ ok" : "✕ to do"}</span>
					<div>
						<strong>{name}</strong> <span className="soft">{detail}</span>
						{!ok && fix !== null && fix !== "" && <p>{fix}</p>}
					</div>
				</li>
			))}
		</ul>
	);
}

import type { MouseEvent, ReactNode } from "react";
import { goTo } from "../state/use-route.ts";

type Props = {
	readonly to: string;
	readonly children: ReactNode;
	readonly current?: boolean;
	readonly className?: string;
};

/** A link within the page; opens elsewhere as links do when asked to. */
export function Go({ to, children, current = false, className }: Props) {
	const go = (event: MouseEvent) => {
		if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
		event.preventDefault();
		goTo(to);
	};
	return (
		<a href={to} onClick={go} className={className} aria-current={current ? "page" : undefined}>
			{children}
		</a>
	);
}

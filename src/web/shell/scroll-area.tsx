import type { ReactNode } from "react";

type Props = {
	readonly label: string;
	readonly className: string;
	readonly children: ReactNode;
	/** Whether it is held at its end while more comes. */
	readonly live?: boolean;
};

/** A part that may be longer than its place. It can be reached by keys, as whatever scrolls has to be. */
export function ScrollArea({ label, className, children, live = false }: Props) {
	return (
		// oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- keys scroll what has the focus
		<section className={className} aria-label={label} tabIndex={0} data-live={live}>
			{children}
		</section>
	);
}

import { useEffect, useRef, type ReactNode } from "react";

type Props = {
	readonly title: ReactNode;
	readonly children: ReactNode;
	readonly close: () => void;
	readonly wide?: boolean;
};

/** Something shown above the page until it is closed; Esc closes it, and the focus goes back to where it was. */
export function Sheet({ title, children, close, wide = false }: Props) {
	const dialog = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		const shown = dialog.current;
		shown?.showModal();
		return () => shown?.close();
	}, []);
	return (
		// oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events -- Esc does the same
		<dialog
			ref={dialog}
			className={wide ? "sheet-above wide" : "sheet-above"}
			aria-labelledby="sheet-title"
			onClose={close}
			onClick={({ target }) => target === dialog.current && close()}
		>
			<header>
				<h2 id="sheet-title">{title}</h2>
				<button type="button" className="button plain" onClick={close} aria-label="Close">
					✕
				</button>
			</header>
			<div className="sheet-body">{children}</div>
		</dialog>
	);
}

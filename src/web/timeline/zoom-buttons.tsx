import { zoomStep, type Looking } from "./use-viewport.ts";

/** Zooming for those who have neither wheel nor keys. */
export function ZoomButtons({ looking }: { readonly looking: Looking }) {
	return (
		<fieldset className="zoom-buttons">
			<legend className="unseen">Zoom</legend>
			<button
				type="button"
				className="button"
				onClick={() => looking.zoom(1 / zoomStep)}
				disabled={looking.isWhole}
			>
				<span aria-hidden="true">−</span>
				<span className="unseen">Zoom out</span>
			</button>
			<button type="button" className="button" onClick={() => looking.zoom(zoomStep)}>
				<span aria-hidden="true">+</span>
				<span className="unseen">Zoom in</span>
			</button>
			<button type="button" className="button" onClick={looking.fit} disabled={looking.isWhole}>
				Whole turn
			</button>
		</fieldset>
	);
}

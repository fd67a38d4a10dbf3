import { Component, type ReactNode } from "react";

type Props = { readonly children: ReactNode };

/**
 * Keeps a fault within one part of the page: a piece of a newer release that is not there any more, or a fault of ours. React
 * has no other way to catch one than a class.
 */
export class PartBoundary extends Component<Props, { readonly failed: boolean }> {
	override readonly state = { failed: false };

	static getDerivedStateFromError(): { readonly failed: true } {
		return { failed: true };
	}

	override render(): ReactNode {
		if (!this.state.failed) return this.props.children;
		return (
			<p className="notice bad" role="alert">
				This part could not be shown. The rest of the page still works; load the page again to retry.
			</p>
		);
	}
}

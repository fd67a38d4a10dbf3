type Props = {
	readonly label: string;
	/** The page that is shown, from 0. */
	readonly page: number;
	readonly pages: number;
	readonly show: (page: number) => void;
};

/** Goes through a long table page by page; nothing where one page holds it. */
export function PageButtons({ label, page, pages, show }: Props) {
	if (pages < 2) return null;
	return (
		<nav className="pages" aria-label={label}>
			<button type="button" className="button" disabled={page === 0} onClick={() => show(page - 1)}>
				Earlier
			</button>
			<span className="soft numeric">
				{page + 1} of {pages}
			</span>
			<button type="button" className="button" disabled={page === pages - 1} onClick={() => show(page + 1)}>
				Later
			</button>
		</nav>
	);
}

/** All or nothing, as an object's `transactionSync`. */
export function transactionOn(sql: Pick<SqlStorage, "exec">): (write: () => void) => void {
	return (write) => {
		sql.exec("BEGIN");
		try {
			write();
			sql.exec("COMMIT");
		} catch (error) {
			sql.exec("ROLLBACK");
			throw error;
		}
	};
}

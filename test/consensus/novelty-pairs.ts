/** What a careful reader says of a new answer beside an existing one. */
export type Pair = {
	readonly category: Category;
	readonly existing: string;
	readonly candidate: string;
	/** `copy`: at balanced and strict. `strict`: a copy only at strict. `news`: never a copy. */
	readonly ideal: "copy" | "strict" | "news";
};

export type Category = keyof typeof table;

/** Pairs of answers as agents give them, by what sets them apart. Labelled by reading, not by running the code. */
export const pairs = (): Pair[] =>
	categories.flatMap((category) =>
		table[category].map(([ideal, existing, candidate]) => ({ category, existing, candidate, ideal })),
	);

type Row = readonly [ideal: Pair["ideal"], existing: string, candidate: string];

const photosynthesis =
	"Photosynthesis converts light energy into chemical energy. It takes place in the chloroplasts, where chlorophyll absorbs mainly red and blue light. Six molecules of carbon dioxide and six of water become one molecule of glucose and six of oxygen. The light reactions produce ATP and NADPH, and the Calvin cycle uses them to fix carbon.";
const train =
	"The first train covers 60 km/h for 2.5 hours, so it travels 150 km. The second train leaves 30 minutes later at 75 km/h. It closes a gap of 30 km at 15 km/h, which takes 2 hours. They meet 150 km from the station.";
const migration =
	"1. Add the new column as nullable.\n2. Backfill it in batches of 500 rows.\n3. Add the NOT NULL constraint.\n4. Drop the old column once no reader is left.";
const cacheAdvice =
	"Your endpoint is slow for two reasons:\n\n- The query scans the whole orders table because created_at has no index.\n- Every request opens a new database connection.\n\nAdd an index on created_at and put PgBouncer in front of the database.";
const sumLoop = "```python\ndef total(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n```";
const answerJs =
	"Use a set to remove duplicates:\n\n```js\nconst unique = [...new Set(items)];\n```\n\nThis keeps the first occurrence of each item and runs in O(n).";

const table = {
	whitespace: [
		["copy", "The capital of Australia is Canberra.", "  The capital of   Australia is Canberra.\n"],
		["copy", photosynthesis, photosynthesis.replaceAll(". ", ".\n")],
		["copy", "x = 3\ny = 4", "x = 3\r\ny = 4\r\n"],
		["copy", "Café au lait costs 4 euros.", "Cafe\u0301 au lait costs 4 euros."],
		["copy", "Die Antwort ist 17.", "Die Antwort\tist 17."],
		["copy", cacheAdvice, cacheAdvice.replaceAll("\n\n", "\n\n\n")],
	],
	padding: [
		[
			"copy",
			"The capital of Australia is Canberra.",
			"I agree with the previous answer. The capital of Australia is Canberra.",
		],
		[
			"copy",
			"The capital of Australia is Canberra.",
			"Hello everyone! Here is my answer: The capital of Australia is Canberra. Let me know if you have any questions!",
		],
		["copy", "42", "The answer is 42."],
		["copy", "The result is 391.", "So the final answer is 391."],
		["copy", train, `Thanks for the great question! ${train} I hope this helps.`],
		["copy", photosynthesis, `I agree completely with the other answers.\n\n${photosynthesis}`],
		[
			"copy",
			"Use a B-tree index on created_at.",
			"After reviewing the existing answers, I agree: use a B-tree index on created_at.",
		],
		[
			"copy",
			"Water boils at 100 °C at sea level.",
			"Water boils at 100 °C at sea level. In summary, water boils at 100 °C at sea level.",
		],
		["copy", "Mozart was born in Salzburg in 1756.", "I think that Mozart was born in Salzburg in 1756."],
		["copy", "Mozart was born in Salzburg in 1756.", "As we know, Mozart was born in Salzburg in 1756."],
		["copy", migration, `Here is the final answer:\n\n${migration}`],
		["copy", answerJs, `Sure! ${answerJs}`],
		["copy", "Die Hauptstadt von Peru ist Lima.", "Ich stimme zu. Die Hauptstadt von Peru ist Lima."],
		["copy", "秘鲁的首都是利马。", "我同意。秘鲁的首都是利马。"],
		["copy", "La capitale du Pérou est Lima.", "Je suis d'accord : la capitale du Pérou est Lima."],
		[
			"copy",
			"The loop never ends because i is not incremented.",
			"Great catch by my colleague! The loop never ends because i is not incremented.",
		],
		[
			"copy",
			"Tides are caused by the Moon and the Sun.",
			"I have considered all the answers and stand by this one. Tides are caused by the Moon and the Sun.",
		],
		["copy", "Paris", "Final answer: Paris"],
	],
	reordering: [
		[
			"copy",
			"- Cheap storage for cold objects\n- Strong consistency on reads\n- No egress fees",
			"- No egress fees\n- Cheap storage for cold objects\n- Strong consistency on reads",
		],
		[
			"copy",
			"Advantages of Rust:\n\n- Memory safety without a garbage collector\n- Fearless concurrency\n- Zero-cost abstractions",
			"Advantages of Rust:\n\n- Fearless concurrency\n- Zero-cost abstractions\n- Memory safety without a garbage collector",
		],
		[
			"copy",
			"Lima is the capital of Peru. Quito is the capital of Ecuador.",
			"Quito is the capital of Ecuador. Lima is the capital of Peru.",
		],
		[
			"copy",
			"Mercury has no moons. Mars has two moons. Earth has one moon.",
			"Mars has two moons. Earth has one moon. Mercury has no moons.",
		],
		[
			"copy",
			"- Norway: 5.5 million\n- Sweden: 10.5 million\n- Denmark: 5.9 million",
			"- Denmark: 5.9 million\n- Norway: 5.5 million\n- Sweden: 10.5 million",
		],
		["copy", "The capital of Peru is Lima.", "Lima is the capital of Peru."],
		["copy", "Australia's capital is Canberra.", "Canberra is the capital of Australia."],
		["copy", "Pick apples, pears and plums.", "Pick plums, apples and pears."],
		["copy", "利马是秘鲁的首都。基多是厄瓜多尔的首都。", "基多是厄瓜多尔的首都。利马是秘鲁的首都。"],
		["copy", "Because the list is sorted, binary search works.", "Binary search works because the list is sorted."],
	],
	markdown: [
		["copy", "The capital of Australia is Canberra.", "The capital of Australia is **Canberra**."],
		["copy", "Answer: 42", "**Answer:** 42"],
		["copy", cacheAdvice, cacheAdvice.replaceAll("- ", "* ")],
		["copy", cacheAdvice, `## Diagnosis\n\n${cacheAdvice}`.replace("## Diagnosis\n\n", "")],
		["copy", "Use map instead of forEach here.", "Use `map` instead of `forEach` here."],
		["copy", migration, migration.replace(/\d\. /g, "- ")],
		["copy", migration, migration.replace(/(\d)\. /g, "$1) ")],
		["copy", "Oxygen has 8 protons. Carbon has 6.", "- Oxygen has 8 protons.\n- Carbon has 6."],
		["copy", "He said “no”.", 'He said "no".'],
		["copy", "2+2=4", "2 + 2 = 4"],
		["copy", "The speed is 300,000 km/s.", "The speed is 300000 km/s."],
		["copy", "It doesn't halt.", "It does not halt."],
		["copy", "The probability is 25%.", "The probability is 25 percent."],
		["copy", "| city | people |\n|---|---|\n| Oslo | 700,000 |", "- Oslo: 700,000 people"],
		["copy", "There are seventeen primes below 60.", "There are 17 primes below 60."],
	],
	paraphrase: [
		["copy", "Therefore the triangle is right-angled.", "Thus the triangle is right-angled."],
		["copy", "Use a queue in order to smooth the load.", "Utilize a queue to smooth the load."],
		["copy", "12 plus 5 equals 17.", "12 + 5 = 17"],
		[
			"copy",
			"The biggest planet in the Solar System is Jupiter.",
			"Jupiter is the largest planet in the Solar System.",
		],
		["copy", "Since n is even, n² is even.", "Because n is even, n² is even."],
		["copy", "Many birds migrate in autumn.", "Numerous birds migrate in autumn."],
		["copy", "The answer is 42.", "We get 42 as the answer."],
		[
			"strict",
			"The main cause of the error is a missing index.",
			"The primary cause of the problem is a missing index.",
		],
		["strict", "This approach is very fast and easy to test.", "This way is quick and simple to test."],
		[
			"strict",
			"Choose a hash map, since lookups occur quickly.",
			"Pick a hash map, because lookups happen rapidly.",
		],
		[
			"strict",
			"The Great Fire of London started in a bakery on Pudding Lane.",
			"A bakery on Pudding Lane was where the Great Fire of London began.",
		],
		[
			"strict",
			"Leaves look green because chlorophyll reflects green light.",
			"Chlorophyll reflects green light, and that is why leaves look green.",
		],
		[
			"strict",
			"Kafka stores messages on disk and lets consumers replay them.",
			"Messages are stored on disk by Kafka, and consumers can replay them.",
		],
		["strict", "Der Fehler entsteht, weil die Datei fehlt.", "Die Datei fehlt, deshalb entsteht der Fehler."],
		["strict", "Ensure that the key is rotated.", "Make sure the key is rotated."],
		[
			"strict",
			photosynthesis,
			photosynthesis
				.replace("takes place", "happens")
				.replace("mainly", "mostly")
				.replace("converts", "transforms"),
		],
		[
			"strict",
			"TCP guarantees delivery and order; UDP does not.",
			"TCP provides guaranteed, ordered delivery, whereas UDP doesn't.",
		],
	],
	number: [
		["news", "42", "43"],
		["news", "The answer is 391.", "The answer is 381."],
		["news", "17 * 23 = 391", "17 * 23 = 397"],
		["news", train, train.replace("They meet 150", "They meet 160")],
		["news", train, train.replace("75 km/h", "70 km/h")],
		["news", train, `I agree with the previous answer. ${train.replace("30 minutes", "20 minutes")}`],
		["news", photosynthesis, photosynthesis.replace("Six molecules", "Five molecules")],
		["news", photosynthesis, photosynthesis.replace("six of oxygen", "twelve of oxygen")],
		["news", migration, migration.replace("500", "5000")],
		["news", "Mozart was born in 1756.", "Mozart was born in 1765."],
		["news", "The meeting is on 2024-05-06.", "The meeting is on 2024-06-05."],
		["news", "The meeting is at 10:30.", "The meeting is at 10:00."],
		["news", "Pi is about 3.14.", "Pi is about 3.15."],
		["news", "It needs Python 3.1.", "It needs Python 3.10."],
		["news", "Das kostet 1.000 Euro.", "Das kostet 1 Euro."],
		["news", "Das kostet 1,5 Euro.", "Das kostet 15 Euro."],
		["news", "The loss is -5.", "The loss is 5."],
		["news", "x² + 1", "x2 + 1"],
		["news", "The area is 12 cm².", "The area is 12 cm³."],
		["news", "It has 3 doors and 5 windows.", "It has 5 doors and 3 windows."],
		["news", "Alice scored 10. Bob scored 20.", "Alice scored 20. Bob scored 10."],
		[
			"news",
			"Paris is in France. The population is 2 million. Berlin is in Germany. The population is 3 million.",
			"Paris is in France. The population is 3 million. Berlin is in Germany. The population is 2 million.",
		],
		[
			"news",
			"- Oslo\n- 700,000 people\n- Bergen\n- 290,000 people",
			"- Oslo\n- 290,000 people\n- Bergen\n- 700,000 people",
		],
		["news", "There are twenty-five students.", "There are twenty-six students."],
		["news", "The factor is 1e5.", "The factor is 1e6."],
		["news", "The probability is 1/3.", "The probability is 2/3."],
		["news", "这本书有300页。", "这本书有200页。"],
		["news", "The value is 5.", "The value is 5!"],
		["news", "x = 2a when b is zero.", "x = 2 when b is zero."],
		[
			"news",
			"- stay of 5 days\n- stay of 6 days\n- stay of 5 days",
			"- stay of 5 days\n- stay of 6 days\n- stay of 6 days",
		],
		["news", "> 5", "5"],
		["news", "- 5 degrees", "+ 5 degrees"],
		["news", "2**3 is 8.", "2*3 is 8."],
		["news", "The price is 5. The price is 6. The price is 5.", "The price is 5. The price is 6. The price is 6."],
		["news", "1. Lima\n2. Quito", "1. Lima\n1. Quito"],
	],
	name: [
		["news", "The capital of Australia is Canberra.", "The capital of Australia is Sydney."],
		["news", photosynthesis, photosynthesis.replace("Calvin", "Krebs")],
		[
			"news",
			"Penicillin was discovered by Alexander Fleming in 1928.",
			"Penicillin was discovered by Howard Florey in 1928.",
		],
		["news", cacheAdvice, cacheAdvice.replace("PgBouncer", "Pgpool")],
		["news", cacheAdvice, cacheAdvice.replaceAll("created_at", "updated_at")],
		["news", "The anode is made of copper.", "The anode is made of zinc."],
		["news", "Add a pinch of salt to the dough.", "Add a pinch of sugar to the dough."],
		["news", "Adams wrote the report.", "Adam wrote the report."],
		["news", "The US signed the treaty.", "The us signed the treaty."],
		["news", "Die Donau fließt durch Wien.", "Die Donau fließt durch Linz."],
		["news", "答案是利马。", "答案是基多。"],
		["news", "Use String rather than string.", "Use string rather than String."],
		["news", "Option A is correct.", "Option B is correct."],
		["news", "The answer is A.", "The answer is B."],
	],
	negation: [
		["news", "The function is pure.", "The function is not pure."],
		["news", "The function is pure.", "The function isn't pure."],
		["news", photosynthesis, photosynthesis.replace("It takes place", "It does not take place")],
		["news", "Yes, the graph is connected.", "No, the graph is connected."],
		["news", "There is a solution.", "There is no solution."],
		["news", "The reaction is reversible.", "The reaction is irreversible."],
		["news", "You can share the key.", "You cannot share the key."],
		["news", "I agree. The claim holds.", "I disagree. The claim holds."],
		["news", "Run it with caching.", "Run it without caching."],
		["news", "Der Server antwortet.", "Der Server antwortet nicht."],
		["news", "他是医生。", "他不是医生。"],
		["news", "The proof is not hard.", "The proof is not that hard."],
		["news", "The claim is not clearly false.", "The claim is not false."],
		["news", "It never fails under load.", "It fails under load."],
		["news", "The answer is correct. The bridge holds.", "The answer is incorrect. The bridge fails."],
	],
	opposite: [
		["news", "Prices increase when demand rises.", "Prices decrease when demand rises."],
		["news", "The sum is greater than 10.", "The sum is less than 10."],
		["news", "x < 5", "x <= 5"],
		["news", "Take it before meals.", "Take it after meals."],
		["news", "All of the tests pass.", "None of the tests pass."],
		["news", "The statement is true.", "The statement is false."],
		["news", "It always terminates.", "It sometimes terminates."],
		["news", "You must not restart the node.", "You need not restart the node."],
		["news", "At least 3 nodes are needed.", "At most 3 nodes are needed."],
		["news", "The minimum is 4.", "The maximum is 4."],
		["news", "Turn left at the church.", "Turn right at the church."],
		["news", "Few people know this.", "A few people know this."],
		["news", "The process runs quickly.", "The process runs slowly."],
		["news", "It is probably a bug.", "It is a bug."],
		["news", "Does it halt?", "Does it halt."],
		["news", "👍 ship it", "👎 ship it"],
	],
	unit: [
		["news", "The bridge is 300 m long.", "The bridge is 300 ft long."],
		["news", "The dose is 5 mg.", "The dose is 5 g."],
		["news", "The file has 10 MB.", "The file has 10 Mb."],
		["news", "Water boils at 100 °C.", "Water boils at 100 °F."],
		["news", "The tree is 6' tall.", 'The tree is 6" tall.'],
		["news", "It costs $20.", "It costs €20."],
		["news", "It takes 3 hours.", "It takes 3 days."],
		["news", train, train.replace("15 km/h", "15 m/s")],
		["news", "The power is 5 mW.", "The power is 5 MW."],
		["news", "Growth was 3%.", "Growth was 3 percentage points."],
	],
	code: [
		["news", sumLoop, sumLoop.replace("+=", "-=")],
		["news", sumLoop, sumLoop.replace("s = 0", "s = 1")],
		["news", answerJs, answerJs.replace("...new", "new")],
		["news", answerJs, answerJs.replace("unique", "uniq")],
		["news", "Use `a[:n]`.", "Use `a[n:]`."],
		["news", "Use a[:n] here.", "Use a[n] here."],
		["news", "Return `x == y`.", "Return `x = y`."],
		["news", "Return x && y;", "Return x || y;"],
		["news", "Call __init__ first.", "Call init first."],
		["news", 'Set x = "5".', "Set x = 5."],
		["news", "The regex is `^a+$`.", "The regex is `^a*$`."],
		["news", "Run `rm -r build`.", "Run `rm -rf build`."],
		["news", "O(n log n)", "O(n^2)"],
		["news", "(a + b) * c", "a + b * c"],
		["news", "SELECT id FROM users WHERE age > 30", "SELECT id FROM users WHERE age >= 30"],
		["news", "Use `let` here.", "Use `var` here."],
		["news", "```js\nlet a = 1;\nlet b = a;\n```", "```js\nlet b = a;\nlet a = 1;\n```"],
	],
	roles: [
		["news", "Alice beats Bob.", "Bob beats Alice."],
		["news", "Tom is the father of Bob.", "Bob is the father of Tom."],
		["news", "Tom is the father of Bob.", "The father of Tom is Bob."],
		["news", "Move the files from staging to production.", "Move the files from production to staging."],
		["news", "The cause is the effect of habit.", "The effect is the cause of habit."],
		["news", "Alice, said Bob, is wrong.", "Alice said Bob is wrong."],
		["news", "Postgres is faster than SQLite.", "SQLite is faster than Postgres."],
		["news", "Pros:\n- cheap to run\n\nCons:\n- slow to start", "Pros:\n- slow to start\n\nCons:\n- cheap to run"],
		["news", "1. Stop the server.\n2. Copy the files.", "1. Copy the files.\n2. Stop the server."],
		[
			"news",
			"- Stop the server\n- Copy the files\n- Start the server",
			"- Copy the files\n- Stop the server\n- Start the server",
		],
		[
			"news",
			"Socrates is a man. Therefore Socrates is mortal.",
			"Socrates is mortal. Therefore Socrates is a man.",
		],
		["news", "- Tokyo\n- Delhi\n- Shanghai", "- Delhi\n- Tokyo\n- Shanghai"],
		["news", "First wash the rice. Then soak the rice.", "First soak the rice. Then wash the rice."],
		["news", "Der Hund beißt den Mann.", "Den Hund beißt der Mann."],
		["news", "利马比基多大。", "基多比利马大。"],
		["news", "Alice hired Bob. Bob fired Alice.", "Bob fired Alice. Alice hired Bob."],
		[
			"news",
			"Oslo is in Norway. The mayor is very kind. Lima is in Peru. The climate is rather dry.",
			"Oslo is in Norway. The climate is rather dry. Lima is in Peru. The mayor is very kind.",
		],
		["news", "It has rained since he left.", "It has rained because he left."],
		[
			"news",
			"Alice is a doctor. Bob is a nurse. She is 40 years old.",
			"Bob is a nurse. Alice is a doctor. She is 40 years old.",
		],
	],
	different: [
		["news", "The capital of Australia is Canberra.", "Photosynthesis converts light energy into chemical energy."],
		["news", cacheAdvice, answerJs],
		["news", sumLoop, "Use the built-in sum function."],
		["news", "Use a queue between the services.", "Let the services share one database."],
		["news", "The bug is in the parser.", "The bug is in the scheduler."],
		["news", "Yes", "No"],
		["news", "A red-black tree keeps the keys sorted.", "A hash table gives constant-time lookups."],
		["news", "The poem is about grief.", "The poem is about joy."],
	],
	addition: [
		[
			"news",
			"The capital of Australia is Canberra.",
			"The capital of Australia is Canberra. It was chosen in 1908 as a compromise.",
		],
		["news", migration, `${migration}\n5. Remove the feature flag.`],
		["news", cacheAdvice, `${cacheAdvice} Cache the result in Redis.`],
		["news", photosynthesis, photosynthesis.replace("chlorophyll absorbs", "chlorophyll a absorbs")],
		["news", "Use parameterized queries.", "Use parameterized queries and validate the input."],
		["news", answerJs, `${answerJs} It fails for objects, which are compared by reference.`],
		["news", "The answer is 42.", "The answer is 42 if the input is sorted."],
		["news", "The drug is safe.", "The drug is safe for adults."],
		["news", "- cheap to run\n- easy to test", "- cheap to run\n- easy to test\n- safe to stop"],
		["news", "Restart the service.", "Restart the service. We have to answer the team."],
		["news", "Restart the service.", "Ask your team for help. Restart the service."],
		["news", "I agree with the plan.", "I agree with the plan. Ship on Monday."],
	],
	truncation: [
		["news", migration, migration.split("\n").slice(0, 3).join("\n")],
		["news", photosynthesis, photosynthesis.slice(0, 160)],
		["news", cacheAdvice, "Add an index on created_at and put PgBouncer in front of the database."],
		["news", sumLoop, sumLoop.replace("    return s\n", "")],
		["news", train, train.split(". ").slice(0, 3).join(". ")],
		["news", "It works only on Linux.", "It works on Linux."],
		["news", "", "The capital of Australia is Canberra."],
	],
} as const satisfies Record<string, readonly Row[]>;

const categories = Object.keys(table) as Category[];

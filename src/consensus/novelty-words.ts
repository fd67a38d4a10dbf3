/**
 * The words that may differ without anything being said differently. Nothing that counts, compares, negates, orders,
 * names, hedges or points in a direction may ever stand here: a missing word costs a missed copy, a wrong one a lost
 * answer.
 */

/** `says`: what a phrase is exchanged for. `longest`: how many words the phrases that begin with a word have at most. */
export type Phrases = { readonly says: ReadonlyMap<string, string>; readonly longest: ReadonlyMap<string, number> };

/** Exchanged at both levels. */
export const balancedRewrites: Phrases = rewrites([
	["so", "therefore|thus|hence|consequently|as a result"],
	["because", "due to the fact that|owing to the fact that"],
	["use", "utilize|utilise|make use of"],
	["uses", "utilizes|utilises|makes use of"],
	["used", "utilized|utilised"],
	["using", "utilizing|utilising|by using|by means of|making use of"],
	["to", "in order to|so as to"],
	["for example", "for instance|e.g"],
	["that is", "i.e"],
	["approximately", "roughly"],
	["big", "large"],
	["bigger", "larger"],
	["biggest", "largest"],
	["begin", "start|commence"],
	["begins", "starts|commences"],
	["help", "assist"],
	["helps", "assists"],
	["buy", "purchase"],
	["get", "obtain"],
	["gets", "obtains"],
	["many", "numerous|a lot of|lots of"],
	["wrong", "incorrect"],
	["also", "additionally|furthermore|moreover|in addition"],
	["but", "however|nevertheless"],
	["although", "even though|though"],
	["is", "is given by|is simply"],
	["=", "equals|is equal to|is exactly equal to"],
	["+", "plus"],
	["*", "times|multiplied by"],
	["/", "divided by"],
	["%", "percent|per cent"],
	["km", "kilometers|kilometres|kilometer|kilometre"],
	["kg", "kilograms|kilogram|kilogrammes"],
	["cm", "centimeters|centimetres"],
	["° C", "degrees Celsius|degrees celsius"],
	["° F", "degrees Fahrenheit|degrees fahrenheit"],
	["US", "United States|United States of America|USA|U.S"],
	["UK", "United Kingdom|U.K"],
	...dropped("basically|essentially|obviously|of course|indeed|clearly"),
	["", "as stated above|as mentioned above|as mentioned|as noted above|as noted"],
	...numerals(),
]);

/** Exchanged at the strict level on top of the above. */
export const strictRewrites: Phrases = rewrites([
	...dropped("very|really|simply|actually|easily|efficiently|successfully|properly|carefully|that|also"),
	["quick", "fast|rapid|speedy"],
	["quickly", "rapidly|swiftly"],
	["hard", "difficult"],
	["easy", "simple|straightforward"],
	["crucial", "important"],
	["whole", "entire|complete"],
	["mistake", "error"],
	["mistakes", "errors"],
	["problem", "issue"],
	["problems", "issues"],
	["choose", "select|pick|opt for"],
	["chooses", "selects|picks"],
	["fix", "repair"],
	["car", "automobile"],
	["cars", "automobiles"],
	["movie", "film"],
	["happen", "occur|take place"],
	["happens", "occurs|takes place"],
	["happened", "occurred|took place"],
	["ask", "inquire"],
	["smart", "intelligent|clever"],
	["way", "approach|manner"],
	["amount", "quantity"],
	["huge", "enormous|massive"],
	["allow", "permit"],
	["allows", "permits"],
	["show", "demonstrate|illustrate"],
	["shows", "demonstrates|illustrates"],
	["give", "yield|provide"],
	["gives", "yields|provides"],
	["need", "require"],
	["needs", "requires"],
	["keep", "retain|preserve"],
	["keeps", "retains|preserves"],
	["make sure", "ensure"],
	["build", "construct"],
	["built", "constructed"],
	["end", "conclude|finish"],
	["ends", "concludes|finishes"],
	["ended", "concluded|finished"],
	["began", "started|commenced"],
	["got", "obtained"],
	["bought", "purchased"],
	["helped", "assisted"],
	["about", "regarding|concerning"],
	["can", "is able to|are able to|is capable of being"],
	["located in", "situated in"],
	["known as", "called"],
	["kind", "type"],
	["kinds", "types"],
	["home", "residence"],
	["enough", "sufficient"],
	["famous", "well-known|renowned"],
	["while", "whereas"],
	["is made up of", "consists of|is composed of|comprises"],
	["for this reason", "that is why"],
]);

/** Taken off the beginning of a sentence. */
export const leadIns: Phrases = rewrites(
	[
		"so|thus|therefore|hence|clearly|obviously|basically|essentially|note that|in fact|simply put",
		"I think|I think that|I believe|I believe that|I agree that|I would say|I would say that|I can confirm that|I also think that",
		"I conclude that|I also find that|we find that|we conclude that|we can see that|it is clear that|it follows that",
		"it should be noted that|it is worth noting that|as we know|as you can see",
		"answer is|answer is that|the answer is|the answer is that|the answer to the question is|the answer to your question is|my answer is",
		"the correct answer is|the final answer is|my final answer is|the result is|the final result is|this means that|this means",
		"the answer would be|the correct answer would be|that would be",
		"ich denke|ich glaube|die antwort ist|die Antwort ist|die Antwort lautet|meine Antwort ist|die richtige Antwort ist",
		"la réponse est|je pense que|la respuesta es|creo que|la risposta è|penso che|a resposta é",
		"答 案 是|正 确 答 案 是|我 认 为|我 同 意|答 え は",
	].map((line): [string, string] => ["", line]),
);

/**
 * A clause is talk if it begins with an opener (perhaps after "the"), has a word of the core, and no word outside the three sets. Imperatives
 * are not among the openers: "Answer the question fully" may be advice.
 */
export const talkOpeners: ReadonlySet<string> = words(
	"i we my our here this that previous other others existing earlier in to after thanks hello hi hey greetings great good sure as on having final",
);
export const talkCore: ReadonlySet<string> = words(
	"agree answer answers question questions hello hi hey thanks reviewed reviewing summary conclusion conclude summarize summarise " +
		"solution solutions considering considered recap reflection colleague colleagues greetings verified checking peers explanation analysis sure",
);
export const talkWords: ReadonlySet<string> = words(
	"i i'd we you me my our your it this that these those here is are am be was were been have has would a an the of for to in on with and at by as " +
		"fully completely totally entirely wholeheartedly strongly previous other others earlier existing team everyone there response " +
		"final following complete full detailed great good excellent happy glad any anything more else after having carefully looked read " +
		"through provided given shared stated same reasoning approach hope correct correctly double checked everything so very much again agent agents ?",
);
export const talkClauses: ReadonlySet<string> = new Set(
	[
		"in short|in brief|to sum up|overall|certainly|absolutely|well|ok|okay|hello all|hi all|hey all|i hope this helps|hope this helps|hope that helps|i hope that helps|" +
			"happy to help|glad to help|let me know if i can help|i agree with all of the above|answer|final answer|my answer|the answer|solution|result|final result|thank you|thank you all|" +
			"let me know if you have any questions|let me know if you have any other questions|let me know if you have further questions|" +
			"let me know if you need anything else|let me know if you need more help|feel free to ask|feel free to ask if you have any questions|in other words|to be clear|to be precise|simply put|long story short|good luck|cheers|best regards",
		"hallo|hallo zusammen|guten tag|ich stimme zu|ich stimme dem zu|ich stimme den anderen zu|gerne|hier ist die antwort|hier ist meine antwort",
		"ich hoffe das hilft|antwort|kurz gesagt|vielen dank|danke",
		"bonjour|bonjour à tous|je suis d'accord|voici la réponse|voici ma réponse|merci|en résumé|réponse",
		"hola|hola a todos|estoy de acuerdo|aquí está la respuesta|gracias|en resumen|respuesta|ciao|sono d'accordo|olá|concordo",
		"你 好|大 家 好|我 同 意|我 完 全 同 意|同 意|好 的|谢 谢|希 望 对 你 有 帮 助|答 案|总 之|こ ん に ち は|同 意 し ま す|賛 成 で す",
	].flatMap((line) => line.split("|")),
);

/** Where one of these stands, the order of sentences or items is part of what is said. */
export const orderWords: ReadonlySet<string> = words(
	"first second third fourth fifth last firstly secondly thirdly lastly finally final initially initial next then afterwards afterward later " +
		"previously subsequently before after step steps order ordered rank ranked ranking ranks sort sorted top bottom priority priorities " +
		"ascending descending sequence stage stages phase phases respectively former latter procedure following instructions chronological " +
		"recipe podium wins winner zuerst dann danach schließlich zuletzt reihenfolge schritt schritte ensuite puis enfin primero luego después",
);

/** Words that lean on the sentence before, so that their sentence cannot move. */
export const pointingWords: ReadonlySet<string> = words(
	"it its itself he him his she her hers they them their theirs this that these those such here there so thus therefore hence consequently " +
		"however but nevertheless otherwise instead else also too both either neither same other another again still because since yet " +
		"ones whose which above below otherwise conversely likewise similarly meanwhile " +
		"er sie es diese dieser dieses das dort deshalb aber il elle ils ce cette cela mais donc este esta eso pero ella él ellos 他 她 它 这 那 但 其",
);

/** A sentence of prose that states how things are, rather than what happened next. */
export const statingVerbs: ReadonlySet<string> = words(
	"is are has have costs contains means equals ist sind hat est sont es son tiene 是 有",
);

/** These lean on the sentence before only where a sentence begins with them. */
export const pointingOpeners: ReadonlySet<string> = words("yes no true false one");

/** A list item that begins with one of these may be a step, whose place matters. */
export const procedureVerbs: ReadonlySet<string> = words(
	"add mix stir bake boil pour heat cook whisk fry chop cut install run start stop open close click press restart reboot remove delete drop " +
		"create insert turn plug unplug deploy migrate copy move commit push merge pull build compile download upload log sign enter select set " +
		"connect disconnect fill empty wash dry rinse check wait take put place let make go lock unlock enable disable apply read write save " +
		"crack preheat serve fold sauté simmer drain attach detach measure record begin finish shut back save load unload mount unmount",
);

/** Words that end like superlatives and are none. */
export const superlativeLookalikes: ReadonlySet<string> = words(
	"test request interest forest suggest guest manifest digest honest rest west nest quest invest harvest protest contest arrest modest chest",
);

function words(line: string): ReadonlySet<string> {
	return new Set(line.split(" "));
}

function rewrites(rows: readonly (readonly [says: string, phrases: string])[]): Phrases {
	const says = new Map(rows.flatMap(([to, from]) => from.split("|").map((phrase): [string, string] => [phrase, to])));
	const longest = new Map<string, number>();
	for (const phrase of says.keys()) {
		const [head = "", ...rest] = phrase.split(" ");
		longest.set(head, Math.max(longest.get(head) ?? 0, rest.length + 1));
	}
	return { says, longest };
}

/** Dropped, but not after a negation: "not very hard" is not "not hard". */
function dropped(phrases: string): [string, string][] {
	const kept = phrases
		.split("|")
		.flatMap((phrase) =>
			["not", "never", "no", "nicht"].map((negation): [string, string] => [
				`${negation} ${phrase}`,
				`${negation} ${phrase}`,
			]),
		);
	return [["", phrases], ...kept];
}

/** "seventeen" and "twenty-five", not the ambiguous "one" and "second". */
function numerals(): [string, string][] {
	const units =
		"zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
			" ",
		);
	const tens = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
	const small = units
		.map((word, value): [string, string] => [String(value), word])
		.filter(([value]) => value !== "1");
	const compound = tens.flatMap((ten, index) =>
		units
			.slice(1, 10)
			.map((unit, value): [string, string] => [String(20 + index * 10 + value + 1), `${ten}-${unit}`]),
	);
	return [...small, ...tens.map((word, index): [string, string] => [String(20 + index * 10), word]), ...compound];
}

// Questions in plain words, on a site of files: which saved queries may be meant, with which values, and what is left out.
// They are read as in graph/ask/, by its words, names and examples (questions.js), but names in other words only there.
"use strict";
var solgraphUnderstand = (known, language) => {
const [STOP, SOFT, DECISIVE, IGNORED, COUNTED, WHICH, NO_CHOICE, EVERYDAY, PLACED] = "stop soft decisive ignored counted which no_choice everyday placed".split(" ").map((name) => new Set(known[name]));
const add = (map, key, value) => map.set(key, [...(map.get(key) ?? []), value]);
const cached = (make, map = new Map()) => (key) => (map.has(key) || map.set(key, make(key)), map.get(key));
const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0), uniform = (texts) => [...new Set(texts)];
const isConcept = ({ kind }) => kind === "concept" || kind === "scheme", isName = ({ things: [first] }) => !isConcept(first), schemeOf = ({ key }) => key.split("/")[1];
const inside = (start, spans) => spans.some((span) => span.start <= start && start < span.end), isSmall = (text) => text === text.toLowerCase();

// Words, and what they mean

const POSSESSIVE = /['’]s(?!\p{L})|(?<=\p{Lu}{2})-(?:u|em|owi|ie|y|ów|om|ami|ach|a|ą)(?!\p{L})/gu;
const tokens = (text) => [...text.replace(POSSESSIVE, (match) => " ".repeat(match.length)).matchAll(/[\p{L}\p{N}]+/gu)]
  .flatMap(({ 0: shown, index: start }) => fold(shown).split(" ").map((word) => ({ start, end: start + shown.length, word })));
const stem = cached((word) => {
  if (known.irregular[word]) return known.irregular[word];
  const singular = word.endsWith("ies") && word.length > 5 ? `${word.slice(0, -3)}y` : word;
  const fits = known.endings.filter((ending) => singular.endsWith(ending) && singular.length - ending.length >= (ending === "s" ? 3 : 4));
  const bare = singular.slice(0, singular.length - Math.max(0, ...fits.map((ending) => ending.length)));
  return bare.length > 4 && bare.at(-1) === bare.at(-2) ? bare.slice(0, -1) : bare;
});

// The meanings of a word or phrase: of a whole one, of one that begins a question (^), by its beginning (*), by its end.
function lexiconOf(texts) {
  const [whole, beginnings, ends, first] = [new Map(), new Map(), new Map(), new Map()];
  for (const [meaning, words] of Object.entries(texts))
    for (const word of words.split(" ")) add(word[0] === "^" ? first : word[0] === "*" ? ends : word.endsWith("*") ? beginnings : whole, fold(word), meaning);
  const of = cached((word) => {
    const begins = [...word].map((_, less) => word.slice(0, word.length - less)).find((begin) => beginnings.has(begin) && !word.slice(begin.length).includes(" "));
    return uniform([...(whole.get(word) ?? []), ...(beginnings.get(begins) ?? []), ...[...ends].flatMap(([end, meant]) => (!word.includes(" ") && word.endsWith(end) ? meant : []))]);
  });
  return (word, isFirst) => (isFirst ? uniform([...of(word), ...(first.get(word) ?? [])]) : of(word));
}
const lexicon = lexiconOf(known.lexicon), countries = lexiconOf(known.countries);

// Phrases that mean something: the first and last of their words, and what; the longest win.
function phrases(words, meanings = lexicon) {
  const found = [];
  for (let first = 0; first < words.length; first = Math.max(first, found.at(-1)?.last ?? 0) + 1) {
    const last = [2, 1, 0].map((more) => first + more).find((last) => last < words.length && meanings(words.slice(first, last + 1).join(" "), !first).length);
    if (last !== undefined) found.push({ first, last, meant: meanings(words.slice(first, last + 1).join(" "), !first) });
  }
  return found;
}
const meaningsOf = (text) => phrases(fold(text).split(" ")).flatMap(({ meant }) => meant);

// Names

const things = known.things.map(([kind, key, [label, ...others]]) => ({ kind, key, labels: label.split("|"), names: uniform([...label.split("|"), ...others].map(fold)) }));
const byName = new Map(), byStems = new Map(), byKey = new Map(things.map((thing) => [thing.key, thing]));
for (const thing of things) for (const name of thing.names) add(byName, name, thing), add(byStems, name.split(" ").map(stem).join(" "), thing);
const named = (names, ...kinds) => names.map((name) => (byName.get(name) ?? []).filter(({ kind }) => kinds.includes(kind))).find((some) => some.length) ?? [];
const forms = (word, endings, least) => endings.filter(([ending]) => word.endsWith(ending) && word.length - ending.length >= least)
  .flatMap(([ending, others]) => others.map((other) => word.slice(0, word.length - ending.length) + other));
const LANGUAGES = ["en", "de", "it", "pl"], PROPER = ["city", "place", "country", "network", "person"];

// Whether a word of five letters or more is a name with one letter missing, added, wrong, or in the place of the next.
function isNear(word, name) {
  if (word.length < 5 || word[0] !== name[0] || Math.abs(word.length - name.length) > 1) return false;
  const at = [...name, ""].findIndex((letter, place) => letter !== word[place]), [rest, own] = [word.slice(at), name.slice(at)];
  return at > 0 && (rest.slice(1) === own.slice(1) || rest.slice(1) === own || rest === own.slice(1) || rest[1] + rest[0] + rest.slice(2) === own);
}

// Whether a name is meant: not the city of Essen by *essen*, nor a programme by words that any question has.
function isMeant(text, shown, { kind, key, names }) {
  const isSingle = !shown.includes(" "), isWord = isSingle && lexicon(fold(shown)).length > 0;
  if (isConcept({ kind })) return !/^\d+$/.test(shown);
  if (EVERYDAY.has(kind)) return !isWord && (!isSmall(shown) || shown.split(" ").length > 2);
  return !isSmall(shown) || !(isWord || (isSingle && !names.includes(fold(shown)) && !isSmall(text)));
}

function mentions(text) {
  const places = tokens(text);
  let found = [];
  const mention = (first, last, some) => {
    const { start } = places[first], { end } = places[last], proper = some.filter(({ kind }) => !EVERYDAY.has(kind));
    const made = { start, end, text: text.slice(start, end), things: proper.length ? proper : some };
    if (!some.length || inside(start, found.filter((other) => isName(other) || !isName(made)))) return;
    found = [...found.filter((other) => isName(other) || other.start !== start || other.end !== end), made];
  };
  for (const [names, form] of [[byName, (word) => word], [byStems, stem]])
    for (let size = 8; size; size--)
      for (let first = 0; first + size <= places.length; first++) {
        const part = places.slice(first, first + size), name = part.map(({ word }) => form(word)).join(" "), shown = text.slice(part[0].start, part.at(-1).end);
        if (names.has(name) && !STOP.has(name) && !part.some(({ start }) => inside(start, found))) mention(first, first + size - 1, uniform(names.get(name)).filter((thing) => isMeant(text, shown, thing)));
      }
  for (const { first, last, meant } of phrases(places.map(({ word }) => word), countries))
    if (!inside(places[first].start, found.filter((other) => other.text.includes(" ")))) mention(first, last, meant.map((slug) => byKey.get(`id/country/${slug}`)).filter(Boolean));
  places.forEach(({ start, word }, place) => {
    const isWord = STOP.has(word) || lexicon(word).length > 0, isProper = !isSmall(text[start]);
    if (isProper) mention(place, place, named(forms(word, known.forms, 3), ...PROPER));
    if (!STOP.has(word)) mention(place, place, named(forms(word, known.adjectives, 4), "city"));
    if (isWord || !(isProper || isSmall(text))) return;
    mention(place, place, [things[known.alone[word]]].filter(Boolean));
    if (!features.has(`~${stem(word)}`)) mention(place, place, things.filter(({ kind, names }) => PROPER.includes(kind) && names.some((name) => isNear(word, name))).slice(0, 1));
  });
  const years = yearsOf(text, places), spans = [...found.filter(isName), ...(years?.spans ?? [])];
  const common = phrases(places.map(({ word }) => word)).flatMap(({ first, last }) => places.slice(first, last + 1));
  for (const each of found) each.isEveryday = !isName(each) && places.filter(({ start }) => inside(start, [each])).every((place) => common.includes(place) || STOP.has(place.word));
  const numbers = [...text.matchAll(/(?<![\p{L}\p{N}.])\d{1,3}(?![\p{L}\p{N}.]*\d)/gu)].filter(({ index }) => !inside(index, spans)).map(([number]) => number);
  return { text, things: found.sort((one, other) => one.start - other.start), years, numbers, words: places.filter(({ start, word }) => !inside(start, spans) && !/^\d+$/.test(word)) };
}

// The years, from a first to a last one; of a single one the word before says whether it is the first or the last.
function yearsOf(text, places) {
  const spans = [...text.matchAll(/(?<![\d.])(?:1[89]|20)\d\d(?![.,]?\d|s(?!\p{L})|er(?!\p{L}))/gu)].map(({ 0: shown, index: start }) => ({ start, end: start + 4, year: Number(shown) }));
  if (!spans.length) return null;
  const years = spans.map(({ year }) => year).sort(), [year] = years, before = places.filter(({ end }) => end <= spans[0].start).at(-1)?.word;
  const bounds = [[year, null], [year + 1, null], [null, year], [null, year - 1]][known.bounds.findIndex((words) => words.includes(before))];
  const [first, last] = years.length > 1 ? [year, years.at(-1)] : bounds ?? [year, year];
  return { first, last, text: spans.map((span) => span.year).join(", "), spans };
}

// Features by which a question is compared with examples: meanings, stems of other words, kinds of what is named

function content({ text: whole, words }) {
  const meant = phrases(words.map(({ word }) => word)).map(({ first, last, meant }) => ({ first, last, features: meant.filter((meaning) => !IGNORED.has(meaning)) }));
  const rest = words.map(({ word }, first) => ({ first, last: first, word, features: [`~${stem(word)}`] })).filter(({ first, word }) => !STOP.has(word) && !meant.some((each) => each.first <= first && first <= each.last));
  return [...meant.filter((word) => word.features.length), ...rest].sort((one, other) => one.first - other.first)
    .map(({ first, last, features }) => ({ features, start: words[first].start, text: whole.slice(words[first].start, words[last].end) }));
}

// What is wanted the most of, or for each of which: *most network*, *each city*.
function pairs({ words }) {
  const meant = phrases(words.map(({ word }) => word));
  return meant.flatMap((phrase, place) => {
    const noun = meant.slice(place + 1, place + 3).flatMap((other) => other.meant).find((meaning) => COUNTED.has(meaning));
    const found = ["most", "each"].filter((first) => noun && phrase.meant.includes(first)).map((first) => `${first} ${noun}`);
    return phrase.meant.includes("source") && WHICH.has(words[phrase.first - 1]?.word) ? [...found, "which source"] : found;
  });
}

function featuresOf(asked) {
  const kinds = asked.things.filter((mention) => !mention.isEveryday).map((mention) => (isName(mention) ? mention.things[0].kind : schemeOf(mention.things[0])));
  const slots = kinds.map((kind, place) => { const times = kinds.slice(0, place + 1).filter((each) => each === kind).length; return `<${kind}${times > 1 ? ` ${times}` : ""}>`; });
  const said = content(asked).flatMap((word) => word.features.filter((feature) => feature[0] !== "~" || !inside(word.start, asked.things)));
  return uniform([...said, ...slots, ...pairs(asked), ...(asked.years ? ["<year>"] : [])]);
}

const features = new Map(known.features.map((feature, number) => [feature, number])), heldBy = (feature) => known.held[features.get(feature)] ?? [];
const queries = known.queries.map(([name, params, examples, silence, vocabulary]) => ({ name, examples, silence, vocabulary: new Set(vocabulary),
  params: params.map(([name, kind, type, scheme, required, multiple, values]) => ({ name, kind, type, scheme, required, multiple, values })) }));
const holds = ({ vocabulary }, feature) => vocabulary.has(features.get(feature)), [SOME, OTHERS, ODDS, PRIOR] = known.of_examples;
const counted = cached((feature) => heldBy(feature).reduce((times, example) => times.set(known.shares[example][0], (times.get(known.shares[example][0]) ?? 0) + 1), new Map()));
const weight = cached((feature) => Math.log(1 + queries.length / (counted(feature).size || 1)));

// How near the nearest examples of each query are, and how likely all of them make it.
function nearest(asked) {
  const products = new Map(), near = new Map(), length = Math.sqrt(total(asked.map((feature) => weight(feature) ** 2))) || 1;
  for (const feature of asked) for (const example of heldBy(feature)) products.set(example, (products.get(example) ?? 0) + weight(feature) ** 2);
  for (const [example, product] of products) add(near, known.shares[example][0], (known.shares[example][1] * product) / length);
  return [...near].map(([query, all]) => {
    const [best, ...others] = all.sort((one, other) => other - one).slice(0, SOME);
    return [query, (1 - OTHERS) * best + (OTHERS * (best + total(others))) / SOME + ODDS * odds(query, asked)];
  });
}

function odds(query, asked) {
  const { examples, silence } = queries[query];
  const ratios = asked.map((feature) => {
    const times = counted(feature).get(query) ?? 0, share = (heldBy(feature).length + 1) / (known.shares.length + 1);
    return Math.log((times / share + PRIOR) / (examples - times + PRIOR));
  });
  return (silence + total(ratios)) / Math.sqrt(asked.length || 1);
}

// Values of parameters

const isGeneric = (mention) => mention.isEveryday && meaningsOf(mention.text).every((meaning) => NO_CHOICE.has(meaning));
function takesTyped({ type, scheme }, thing, mention) {
  if (thing.kind === "concept") return scheme === schemeOf(thing) && !isGeneric(mention);
  return thing.kind === "scheme" ? type === "skos:ConceptScheme" : type.startsWith("sg:") && (known.classes[thing.kind] ?? []).includes(type.slice(3));
}
function takesAny({ type, scheme, multiple }, thing, mention) {
  if (type || scheme || (isConcept(thing) && (!multiple || isGeneric(mention)))) return false;
  return !multiple || known.combined.includes(isConcept(thing) ? schemeOf(thing) : thing.kind);
}

// Puts what is named into the first parameter that takes it and is free.
function put(params, mention, values, takes) {
  for (const param of params.filter(({ name, kind, multiple }) => kind === "iri" && (multiple || !values[name])))
    for (const thing of mention.things) {
      if (Object.values(values).flat().includes(thing)) return true;
      if (takes(param, thing, mention)) return values[param.name] = [...(values[param.name] ?? []), thing];
    }
  return false;
}

// Whether what is named may act: a city does not where it is asked who, nor behind *in* and the like.
function acts(mention, words, said) {
  return mention.things[0].kind !== "city" || !(said.has("who") || PLACED.has(words.filter(({ end }) => end <= mention.start).at(-1)?.word));
}

function filled({ params }, { things: named, years, numbers, words: all }, words) {
  const values = {}, used = new Set(), said = new Set(words.flatMap((word) => word.features)), has = (name) => params.some((param) => param.name === name);
  const taking = params.filter(({ type, name }) => type !== "sg:Actor" || meaningsOf(name).some((meaning) => said.has(meaning)) || (name === "author" && named.some(({ things: [first] }) => first.kind === "person")));
  for (const takes of [takesTyped, takesAny])
    for (const mention of named) {
      const own = taking.filter(({ type, name }) => type !== "sg:Actor" || acts(mention, all, said) || (name === "author" && mention.things[0].kind === "person"));
      if (!used.has(mention) && put(own, mention, values, takes)) used.add(mention);
    }
  const isOne = years && has("year") && years.first === years.last, usesYears = years && (isOne || (has("from") && has("to")));
  if (isOne) values.year = [String(years.first)];
  else if (usesYears) for (const [name, year] of [["from", years.first], ["to", years.last]]) if (year) values[name] = [String(year)];
  if (numbers.length && has("least")) values.least = numbers.slice(0, 1);
  concepts(params, new Set(words.filter(({ start }) => !inside(start, [...used])).flatMap((word) => word.features)), values);
  choices(params.filter((param) => param.values.length && param.required), words, values);
  const isWhole = params.every(({ name, required }) => !required || values[name]) && !(values.with?.length < 2) && !(values.of && values.by[0].startsWith(values.of[0].slice(0, -1)));
  return { values, used, usesYears, usesNumber: Boolean(values.least) && numbers.length === 1, isWhole };
}

function concepts(params, said, values) {
  for (const { name, scheme } of params.filter((param) => !param.multiple && !values[param.name])) {
    const meant = Object.entries(known.concepts[scheme] ?? {}).filter(([word]) => said.has(word)).map(([, concept]) => byKey.get(`vocab/${scheme}/${concept}`));
    if (meant.length === 1 && meant[0]) values[name] = meant;
  }
}

// Values from a list: of two such parameters the first word fills the first; a single one prefers a late word.
function choices(params, words, values) {
  const means = (word, ...meant) => meant.some((each) => word.features.includes(each)), spoken = words.filter((word) => !means(word, "most", "each"));
  const first = words.find((word) => means(word, "most", "each"))?.start ?? 0, late = [...spoken.filter(({ start }) => start > first), ...spoken], taken = new Set();
  const orders = params.length > 1 && !words.some((word) => means(word, "each")) ? [spoken, late] : [late, spoken];
  params.slice(0, 2).forEach((param, place) => {
    const valueOf = (word) => param.values.find((value) => means(word, value, value.replace(/ies$/, "y").replace(/s$/, ""), ...(known.values[value] ?? [])));
    const chosen = orders[place].find((word) => valueOf(word) && !taken.has(word));
    if (chosen) { taken.add(chosen); values[param.name] = [valueOf(chosen)]; }
  });
}

// Readings, the best first, each with what it does not use and what no text of its query has

function ranked(query, near, asked, words) {
  const { values, used, usesYears, usesNumber, isWhole } = filled(query, asked, words), weights = known.weights;
  if (!isWhole) return null;
  const isCovered = (word) => inside(word.start, [...used]) || (word.features.includes("least") ? usesNumber : word.features.some((feature) => holds(query, feature)));
  const left = words.filter((word) => !isCovered(word)), sum = (some) => total(some.map((word) => Math.max(...word.features.map(weight))));
  const isSaid = (mention) => mention.isEveryday || [...meaningsOf(mention.text), ...tokens(mention.text).filter(({ word }) => !STOP.has(word)).map(({ word }) => `~${stem(word)}`)].every((feature) => holds(query, feature));
  const lost = asked.things.filter((mention) => !used.has(mention) && (isName(mention) || !isSaid(mention))), concepts = lost.filter((mention) => !isName(mention)).length;
  const unused = [...lost.map(({ text }) => text), ...(asked.years && !usesYears ? [asked.years.text] : []), ...(usesNumber ? [] : asked.numbers)];
  const misses = left.some((word) => word.features.some((feature) => DECISIVE.has(feature))), said = words.flatMap((word) => word.features);
  const isScattered = values.with?.some(isConcept) && !said.some((meaning) => ["share", ...(values.with.some((thing) => schemeOf(thing) !== schemeOf(values.with[0])) ? [] : ["city", "where"])].includes(meaning));
  const score = near + weights.covered * (1 - sum(left) / (sum(words) || 1)) - weights.unused * (unused.length - concepts) - weights.unused_concept * concepts - weights.decisive * misses - weights.unused * Boolean(isScattered)
    + weights.filled * [...used].filter((mention) => !mention.isEveryday).length + weights.year * Boolean(values.year);
  const chosen = query.params.flatMap((param) => (values[param.name] ?? []).map((value) => ({ name: param.name, text: typed(param, value), among: param.values })));
  return { query: query.name, values, chosen, score, unused, unexplained: left.filter((word) => !inside(word.start, lost) && !word.features.some((feature) => SOFT.has(feature))).map(({ text }) => text) };
}

// A value as a person reads and types it: the name of a thing where that alone means it, else its identifier.
function typed({ type, scheme }, value) {
  if (!value.key) return value;
  const [, prefix, slug] = value.key.split("/"), label = value.labels[Math.min(LANGUAGES.indexOf(language), value.labels.length - 1)] ?? value.labels[0];
  const others = (byName.get(fold(label)) ?? []).filter((other) => other !== value && (!(type || scheme) || other.kind === value.kind));
  return others.length ? (slug ? `${prefix}:${slug}` : prefix) : label;
}

return (text, most = 5) => {
  const asked = mentions(text), words = content(asked);
  return nearest(featuresOf(asked)).map(([query, near]) => ranked(queries[query], near, asked, words)).filter(Boolean)
    .sort((one, other) => other.score - one.score || (one.query < other.query ? -1 : 1)).slice(0, most);
};
};

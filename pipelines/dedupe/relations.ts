/** A word as tasks are compared by it. */
export interface Told {
  /** Its class where it says how quantities hang together, else the word without its endings. */
  token: string;
  isRelation: boolean;
}

/** The same for the same word; those of common ones are known. */
export function toldBy(word: string): Told {
  const known = KNOWN.get(word);
  if (known !== undefined) return known;
  const relation = relationOf(word);
  const told = { token: relation ?? stemOf(word), isRelation: relation !== undefined };
  if (KNOWN.size < MOST_KNOWN && word.length < 20) KNOWN.set(word, told);
  return told;
}

const KNOWN = new Map<string, Told>();
const MOST_KNOWN = 50_000;

/**
 * What a word says of how the quantities of a task hang together, as the name of its class: `fewer` and `less` are one, `more` is another; units are classes, too. Undefined for
 * a word that says nothing of it. Two tasks in which these differ are two tasks, however alike the rest is.
 */
export function relationOf(word: string): string | undefined {
  return CLASSES.get(word) ?? CLASSES.get(stemOf(word));
}

/** A word without the endings of its forms: `boxes` and `box`, `baked` and `bakes` and `baking` are the same. */
export function stemOf(word: string): string {
  if (word.length < 4 || !/^\p{L}+$/u.test(word)) return word;
  if (word.endsWith("ies") && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:[sxz]|ch|sh)es$/.test(word)) return word.slice(0, -2);
  const single = /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
  const bare = single.length > 6 && single.endsWith("ing") ? single.slice(0, -3) : single.length > 5 && single.endsWith("ed") ? single.slice(0, -2) : single;
  const undoubled = bare !== single && /([bdgmnprt])\1$/.test(bare) ? bare.slice(0, -1) : bare;
  return undoubled.length > 4 && undoubled.endsWith("e") ? undoubled.slice(0, -1) : undoubled;
}

/** A class a line, its words in any form; irregular forms are written out. */
const TABLE = `
more additional extra further
less fewer
greater larger bigger
smaller
higher taller
lower
longer
shorter
older
younger
heavier
lighter
faster quicker
slower
cheaper
most
least
largest biggest greatest
smallest
highest tallest
lowest
longest
shortest
oldest
youngest
increase rise rose grow grew raise
decrease reduce decline
add
subtract deduct remove
gain
lose lost
win won
earlier
later
before prior
after
above over
below under
not no never none cannot cant dont doesnt didnt isnt arent wasnt werent wont couldnt wouldnt shouldnt hasnt havent hadnt neither nor
without
except
each every per apiece
total altogether overall combined together
left remain remainder leftover
right
difference
sum
product
average mean
all
only
always
last
odd
even
buy bought purchase
sell sold
give gave given donate hand
receive get got gotten
take took taken
borrow
lend lent loan
spend spent
pay paid
save
earn
cost
price
profit
revenue
tip
discount
tax
eat ate eaten consume
make made produce bake cook prepare
find found discover
lack miss
break broke broken
pick gather collect harvest
plant
return
throw threw thrown
drop
fill
empty
use
waste
share
keep kept
join
come came
fly flew
die
born
boy
girl
man men
woman women
adult
child children kid
red
blue
green
yellow
white
black
brown
pink
purple
orange
morning
afternoon
evening
night
big large huge
small little tiny
new
open
close
arrive
leave
depart
start begin began begun
finish end
load
unload
push
pull
enter
exit
up
down
inside
outside
north
south
east
west
minimum
maximum
positive
negative
perimeter
area
volume
circumference
radius
diameter
length
width
height
depth
far
fast
old
second sec
minute min
hour hr
day daily
week weekly
month monthly
year yearly annual annually
cent
dollar
euro
pound lb
percent percentage
inch
foot feet ft
yard
mile
millimeter millimetre mm
centimeter centimetre cm
meter metre
kilometer kilometre km
gram
kilogram kg kilo
ounce oz
ton
milliliter millilitre ml
liter litre
cup
pint
quart
gallon
degree
celsius
fahrenheit
`;

const CLASSES = new Map(
  TABLE.trim().split("\n").flatMap((line) => {
    const words = line.split(" ");
    return words.flatMap((word): [string, string][] => [[word, words[0] ?? word], [stemOf(word), words[0] ?? word]]);
  }),
);

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuoted, questionToSubgoal } from "../../../converters/shared/question.ts";
import { processorTime } from "../../support/processor-time.ts";
import { SHARED, hasShared } from "../../support/shared.ts";

describe("a question becomes an instruction", () => {
  it.each([
    // Amounts: the phrase is the subject, or the helper verb dissolves into the verb.
    ["How many lemons are in the bucket?", "Find how many lemons are in the bucket."],
    ["How many plums does Petra sell?", "Find how many plums Petra sells."],
    ["How many kites did Ulf and Mirja have in the meadow?", "Find how many kites Ulf and Mirja had in the meadow."],
    ["How much does the robe cost?", "Find how much the robe costs."],
    ["How much money will Tom have left?", "Find how much money Tom will have left."],
    ["How many waffles did they sell total?", "Calculate how many waffles they sold total."],
    ["How many blue lights are there on the tree?", "Find how many blue lights there are on the tree."],
    ["how many crates will be emptied?", "Find how many crates will be emptied."],
    ["How many benches have been put out for the choir?", "Find how many benches have been put out for the choir."],
    ["how many rowers participated in the regatta?", "Find how many rowers participated in the regatta."],
    ["how many guests didn't wear slippers?", "Find how many guests didn't wear slippers."],
    ["How many cards did not have a letter on them?", "Find how many cards did not have a letter on them."],
    ["How many sheep have no black ears?", "Find how many sheep have no black ears."],
    ["How much is each doll?", "Find how much each doll is."],
    ["How many feet tall is the tree?", "Find how many feet tall the tree is."],
    ["How much heavier is a pumpkin than a turnip?", "Find how much heavier a pumpkin is than a turnip."],
    ["how many different ways can goat cheese be wrapped?", "Find how many different ways goat cheese can be wrapped."],
    ["How many trains has Tove taken altogether?", "Calculate how many trains Tove has taken altogether."],
    ["How many toucans in all?", "Calculate how many toucans there are in all."],
    ["How many seconds until both lights will flicker again?", "Find how many seconds until both lights will flicker again."],
    // Where the subject ends.
    ["How much does the man who sold it own?", "Find how much the man who sold it owns."],
    ["how many pounds does the machine that isn't full wash per day?", "Find how many pounds the machine that isn't full washes per day."],
    ["How many inches does the second wax candle have left?", "Find how many inches the second wax candle has left."],
    ["how many roses will the flower shop window display in May?", "Find how many roses the flower shop window will display in May."],
    ["How much does the glacier shrink each year?", "Find how much the glacier shrinks each year."],
    ["How many points does crew B score in the last round?", "Find how many points crew B scores in the last round."],
    ["How much will each lantern cost?", "Find how much each lantern will cost."],
    ["how many barns would that cover?", "Find how many barns that would cover."],
    ["How many eggs did Arnold and Madeline each paint?", "Find how many eggs Arnold and Madeline each painted."],
    ["How much does each sack of barley cost?", "Find how much each sack of barley costs."],
    ["How much did each of the drums cost?", "Find how much each of the drums cost."],
    ["How many thimbles did Ingrid originally have?", "Find how many thimbles Ingrid originally had."],
    ["How many fish did Tom catch and keep?", "Find how many fish Tom caught and kept."],
    ["How many yards does Mirja and Petra hit?", "Find how many yards Mirja and Petra hit."],
    ["How many hours did Tom help paint?", "Find how many hours Tom helped paint."],
    ["What kind of food does McDonald's sell?", "Find out what kind of food McDonald's sells."],
    // Slips that people write.
    ["What fruit do bats mainly eats?", "Find out what fruit bats mainly eats."],
    ["How many wheels does it has?", "Find how many wheels it has."],
    ["What should Tom should do?", "Find out what Tom should do."],
    ["When century was Ulla alive?", "Find out what century Ulla was alive."],
    ['How many songs are there in "The Lark?', "Find how many songs there are in The Lark."],
    ["In what drawer are the spoons kept in?", "Find out in what drawer the spoons are kept."],
    // What belongs to the subject, and what is said of it.
    ["Are the plates used at dinner blue?", "Decide whether the plates used at dinner are blue."],
    ["Are the rules governing trade similar to those of war?", "Decide whether the rules governing trade are similar to those of war."],
    ["When is Ulla thought to have arrived?", "Find out when Ulla is thought to have arrived."],
    ["Would someone with a sword win?", "Decide whether someone with a sword would win."],
    ["Could anyone crossing the bridge see it?", "Decide whether anyone crossing the bridge could see it."],
    ["How old was Bo when he sold his first boat?", "Determine how old Bo was when he sold his first boat."],
    ["Which hill town is the most famous?", "Determine which hill town is the most famous."],
    ["Which kite is most commonly flown in May?", "Determine which kite is most commonly flown in May."],
    ["What kind of metal is tin at noon?", "Find out what kind of metal tin is at noon."],
    ["Above what height is rowing dangerous?", "Find out above what height rowing is dangerous."],
    ["What are wooden spoons made of?", "Find out what wooden spoons are made of."],
    ["What is that considered?", "Find out what that is considered."],
    ["When is it autumn in Peru?", "Find out when it is autumn in Peru."],
    ["What did the pop group The Larks perform in 1970?", "Find out what the pop group The Larks performed in 1970."],
    ["What is the Ministry of Rain?", "Find out what the Ministry of Rain is."],
    ["Honey is a product of what process?", "Find out what process Honey is a product of."],
    ["If Bo owns 20 hens, calculate the total number of birds.", "Calculate the total number of birds."],
    ["Bo has 3 hens so how many eggs does he get?", "Find how many eggs he gets."],
    // How old, how long, how.
    ["How old is Tom?", "Determine how old Tom is."],
    ["How old was Ulla seven years ago?", "Determine how old Ulla was seven years ago."],
    ["How old will Tove be in 9 years?", "Determine how old Tove will be in 9 years."],
    ["how far will each crew member have to row?", "Determine how far each crew member will have to row."],
    ["How long did the Two-night Fair last?", "Determine how long the Two-night Fair lasted."],
    // What is a thing, and what is not.
    ["What is the area of the sail?", "Find the area of the sail."],
    ["What is the total number of stamps she posted?", "Calculate the total number of stamps she posted."],
    ["What's the difference between Ann's points and Bo's points?", "Calculate the difference between Ann's points and Bo's points."],
    ["What is the capital of France?", "Find the capital of France."],
    ["What are the dimensions?", "Find the dimensions."],
    ["What is a beard?", "Find out what a beard is."],
    ["What is the Elma Mill made of?", "Find out what the Elma Mill is made of."],
    ["What do pearl hunters do?", "Find out what pearl hunters do."],
    ["What island is Port Elma Lighthouse on?", "Find out what island Port Elma Lighthouse is on."],
    ["What time of day is the spotted newt active?", "Find out what time of day the spotted newt is active."],
    ["Which part of the sail is affected by mildew?", "Determine which part of the sail is affected by mildew."],
    ["What percentage of the fish has spots?", "Work out what percentage of the fish has spots."],
    // Who, when, where, why.
    ["Who can perform solemn burials?", "Find out who can perform solemn burials."],
    ["Who was the king of France?", "Identify the king of France."],
    ["Who was Tom married to?", "Find out who Tom was married to."],
    ["Who painted it?", "Find out who painted it."],
    ["When did Kim Il-Sung die?", "Find out when Kim Il-Sung died."],
    ["When did the Petra Lindqvist show first air?", "Find out when the Petra Lindqvist show first aired."],
    ["Where is the Elma Mill located?", "Find out where the Elma Mill is located."],
    ["Why was the Turnip Rebellion so named?", "Explain why the Turnip Rebellion was so named."],
    ["In what year did Ulla Maria Lindqvist die?", "Find out in what year Ulla Maria Lindqvist died."],
    ["What is the practice of resting at noon called?", "Find out what the practice of resting at noon is called."],
    // What belongs to the subject: possessives, bynames, titles in quotes, clauses.
    ["When was Obama's first year as President?", "Find out when Obama's first year as President was."],
    ["When was Ann Lee's first novel published?", "Find out when Ann Lee's first novel was published."],
    ["What was Ivan the Terrible's favorite food?", "Find out what Ivan the Terrible's favorite food was."],
    ["Who was the song 'Cry Me A Lake' about?", "Find out who the song 'Cry Me A Lake' was about."],
    ["How long is \"Deck the Rooms\"?", "Determine how long \"Deck the Rooms\" is."],
    ["What is the practice of putting a coin on your tongue called?", "Find out what the practice of putting a coin on your tongue is called."],
    ["What color is a visually appealing tulip?", "Find out what color a visually appealing tulip is."],
    ["How long was the board after the carpenter cut it?", "Determine how long the board was after the carpenter cut it."],
    ["What are the things #1 is known for?", "Find the things #1 is known for."],
    ["What is the number of coins the man turned in?", "Find the number of coins the man turned in."],
    ["How large is a baby brown moose?", "Determine how large a baby brown moose is."],
    ["Which universe is Star Trip: The Last Crew set in?", "Determine which universe Star Trip: The Last Crew is set in."],
    ["Which period did Leonardo da Vinci live through?", "Determine which period Leonardo da Vinci lived through."],
    ["What does buckwheat look like?", "Find out what buckwheat looks like."],
    // The order of a statement, or a form that needs none.
    ["What type of animal are otters?", "Find out what type of animal otters are."],
    ["What colors are Dotty Goose?", "Find out what colors Dotty Goose are."],
    ["What group of metals is iron in?", "Find out what group of metals iron is in."],
    ["On what island are marsh turtles found?", "Find out on what island marsh turtles are found."],
    ["What competition did he compete in in 2001?", "Find out in what competition he competed in 2001."],
    ["Which machines can run Petra Ledger software?", "Determine which machines can run Petra Ledger software."],
    ["Which kind of grape is most expensive?", "Determine which kind of grape is most expensive."],
    ["Which model of car is the fastest?", "Determine which model of car is the fastest."],
    ["Who is the author of 'Great Hopes'?", "Identify the author of 'Great Hopes'."],
    ["What is the Mayflower?", "Find out what the Mayflower is."],
    ["What is aloe vera?", "Find out what aloe vera is."],
    ["What is a common fuel for lamps?", "Find a common fuel for lamps."],
    ["What are some common positions?", "Find some common positions."],
    ["What are the rules guiding drivers in the town?", "Find the rules guiding drivers in the town."],
    ["How many people live in the The Bronx?", "Find how many people live in The Bronx."],
    // Yes or no.
    ["Is a koala bigger than a cat?", "Decide whether a koala is bigger than a cat."],
    ["Can a human read QR codes?", "Decide whether a human can read QR codes."],
    ["Does Soylent use pea protein?", "Decide whether Soylent uses pea protein."],
    ["Was the king of France bald?", "Decide whether the king of France was bald."],
    ["Is soy sauce vegan?", "Decide whether soy sauce is vegan."],
    ["Are hamsters nocturnal?", "Decide whether hamsters are nocturnal."],
    ["Have people died from #2?", "Decide whether people have died from #2."],
    ["Have any sailors listed in #2 been to the island?", "Decide whether any sailors listed in #2 have been to the island."],
    ["Is any of #2 such that it floats?", "Decide whether any of #2 is such that it floats."],
    ["Would one find a #1 at Hill Market?", "Decide whether one would find a #1 at Hill Market."],
    ["Do sailors who follow #1 maps visit #2?", "Decide whether sailors who follow #1 maps visit #2."],
    ["Did #1 not serve as inspiration?", "Decide whether #1 did not serve as inspiration."],
    ["Is #2 greater than or equal to #1?", "Check whether #2 is greater than or equal to #1."],
    ["Is at least one job listed in #1 also found in #2?", "Check whether at least one job listed in #1 is also found in #2."],
    ["Is passing the swimming test required to join #1?", "Decide whether passing the swimming test is required to join #1."],
    // What stands before the question.
    ["If he gave 5 away, how many are left?", "Find how many are left."],
    ["If Tom buys 3 apples how many will he have?", "Find how many he will have."],
    ["In #1, did ulf meet a clockmaker?", "Decide whether ulf met a clockmaker in #1."],
    ["And how many did she keep?", "Find how many she kept."],
    ["Tom has 3 pens. Mr. Lee has 4. How many pens do they have?", "Find how many pens they have."],
    ["Can you tell me how many cats there are?", "Find how many cats there are."],
    ["How many apples did he buy and how many are left?", "Find how many apples he bought and how many are left."],
    // No question in form.
    ["Find the number.", "Find the number."],
    ["Determine her present age", "Determine her present age."],
    ["Calculate the sum!", "Calculate the sum."],
    ["Jack had ___ apples.", "Find what is missing in: Jack had ___ apples."],
    ["Shellography is the study of what?", "Find out what Shellography is the study of."],
    ["Petra Lindqvist is a citizen of what city?", "Find out what city Petra Lindqvist is a citizen of."],
  ])("%s", (question, subgoal) => {
    expect(questionToSubgoal(question)).toBe(subgoal);
  });
});

describe("a question whose order can't be undone", () => {
  it("is quoted as it stands", () => {
    expect(isQuoted("Movement of what causes the tides?")).toBe(true);
    expect(questionToSubgoal("Movement of what causes the tides?")).toBe("Find the answer to: Movement of what causes the tides.");
  });

  it("has a subgoal even where there is nothing", () => {
    expect(questionToSubgoal("")).toBe("Find the answer.");
    expect(questionToSubgoal(" ?! ")).toBe("Find the answer.");
  });
});

describe("of any text", () => {
  it("the subgoal is one line that begins with a capital, where it begins with a letter, and ends with one dot", () => {
    const words = fc.constantFrom("how", "many", "did", "does", "is", "Tom", "the", "cat", "have", "who", "and", "of", "#1", "?", ",", ".", "3", "it", "in", "What", "bigger", "than", "left", "\n", "__proto__");
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(words, { maxLength: 14 }).map((each) => each.join(" "))), (question) => {
        const subgoal = questionToSubgoal(question);
        expect(subgoal).toMatch(/^[^\n]*[^\s?!.,;:]\.$/);
        expect(subgoal.charAt(0)).toBe(subgoal.charAt(0).toUpperCase());
        expect(questionToSubgoal(question)).toBe(subgoal);
      }),
    );
  });

  it.each(["?", " ", "a", "how many ", "did ", "(", "of the ", ", and ", "Mr. "])("100,000 times '%s' is fast", (piece) => {
    const spent = processorTime();
    questionToSubgoal(`How many ${piece.repeat(100_000)}?`);
    expect(spent()).toBeLessThan(500);
  });
});

describe.skipIf(!hasShared)("of real questions", () => {
  const read = (file: string): string => readFileSync(join(SHARED, "data", file), "utf8");
  it.each([
    ["ASDiv.xml", 0.005, (): string[] => [...read("ASDiv.xml").matchAll(/<Question>([^<]*)<\/Question>/g)].map((match) => match[1] ?? "")],
    ["strategyqa_train.json", 0.015, (): string[] => read("strategyqa_train.json").match(/"[^"\n]{5,300}\?"/g)?.map((each) => each.slice(1, -1)) ?? []],
  ])("few in %s are quoted, and all are done in a few seconds", (file, share, questions) => {
    expect(existsSync(join(SHARED, "data", file))).toBe(true);
    const all = questions();
    expect(all.length).toBeGreaterThan(1_000);
    const spent = processorTime();
    const quoted = all.filter(isQuoted);
    expect(spent()).toBeLessThan(5_000);
    expect(quoted.length / all.length).toBeLessThan(share);
  });
});

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuoted, questionToSubgoal } from "../../../converters/shared/question.ts";
import { SHARED, hasShared } from "../../support/shared.ts";

describe("a question becomes an instruction", () => {
  it.each([
    // Amounts: the phrase is the subject, or the helper verb dissolves into the verb.
    ["How many apples are in the basket?", "Find how many apples are in the basket."],
    ["How many eggs does Janet sell?", "Find how many eggs Janet sells."],
    ["How many balloons did Allan and Jake have in the park?", "Find how many balloons Allan and Jake had in the park."],
    ["How much does the robe cost?", "Find how much the robe costs."],
    ["How much money will Tom have left?", "Find how much money Tom will have left."],
    ["How many pizzas did they sell total?", "Calculate how many pizzas they sold total."],
    ["How many blue lights are there on the tree?", "Find how many blue lights there are on the tree."],
    ["how many shelves will be filled?", "Find how many shelves will be filled."],
    ["How many chairs have been put out for the play?", "Find how many chairs have been put out for the play."],
    ["how many students participated in the discussion?", "Find how many students participated in the discussion."],
    ["how many people didn't wear costumes?", "Find how many people didn't wear costumes."],
    ["How many cards did not have a letter on them?", "Find how many cards did not have a letter on them."],
    ["How many fish have no red stripes?", "Find how many fish have no red stripes."],
    ["How much is each doll?", "Find how much each doll is."],
    ["How many feet tall is the tree?", "Find how many feet tall the tree is."],
    ["How much heavier is a watermelon than a pineapple?", "Find how much heavier a watermelon is than a pineapple."],
    ["how many different ways can ice cream be ordered?", "Find how many different ways ice cream can be ordered."],
    ["How many pictures has Zoe taken altogether?", "Calculate how many pictures Zoe has taken altogether."],
    ["How many toucans in all?", "Calculate how many toucans there are in all."],
    ["How many seconds until both lights will flicker again?", "Find how many seconds until both lights will flicker again."],
    // Where the subject ends.
    ["How much does the man who sold it own?", "Find how much the man who sold it owns."],
    ["how many pounds does the machine that isn't full wash per day?", "Find how many pounds the machine that isn't full washes per day."],
    ["How many millimeters does the first glue stick have left?", "Find how many millimeters the first glue stick has left."],
    ["how many roses will the flower shop window display in May?", "Find how many roses the flower shop window will display in May."],
    ["How much does the car depreciate each year?", "Find how much the car depreciates each year."],
    ["How many goals does team A score in the second half?", "Find how many goals team A scores in the second half."],
    ["How much will each candle cost?", "Find how much each candle will cost."],
    ["how many houses would that cover?", "Find how many houses that would cover."],
    ["How many eggs did Arnold and Madeline each paint?", "Find how many eggs Arnold and Madeline each painted."],
    ["How much does each pack of bacon cost?", "Find how much each pack of bacon costs."],
    ["How much did each of the books cost?", "Find how much each of the books cost."],
    ["How many notebooks did Martha originally have?", "Find how many notebooks Martha originally had."],
    ["How many fish did Tom catch and keep?", "Find how many fish Tom caught and kept."],
    ["How many feet does Zoey and Sydney spit?", "Find how many feet Zoey and Sydney spit."],
    ["How many hours did Tom help paint?", "Find how many hours Tom helped paint."],
    ["What kind of food does McDonald's sell?", "Find out what kind of food McDonald's sells."],
    // How old, how long, how.
    ["How old is Tom?", "Determine how old Tom is."],
    ["How old was Adam four years ago?", "Determine how old Adam was four years ago."],
    ["How old will Jerry be in 3 years?", "Determine how old Jerry will be in 3 years."],
    ["how far will each team member have to run?", "Determine how far each team member will have to run."],
    ["How long did the Six-day War last?", "Determine how long the Six-day War lasted."],
    // What is a thing, and what is not.
    ["What is the area of the book?", "Find the area of the book."],
    ["What is the total number of files she deleted?", "Calculate the total number of files she deleted."],
    ["What's the difference between Ann's points and Bo's points?", "Calculate the difference between Ann's points and Bo's points."],
    ["What is the capital of France?", "Find the capital of France."],
    ["What are the dimensions?", "Find the dimensions."],
    ["What is a beard?", "Find out what a beard is."],
    ["What is the Vellore Fort made of?", "Find out what the Vellore Fort is made of."],
    ["What do pearl hunters do?", "Find out what pearl hunters do."],
    ["What craton is New York Harbor on?", "Find out what craton New York Harbor is on."],
    ["What time of day is the clouded leopard active?", "Find out what time of day the clouded leopard is active."],
    ["Which part of the head is affected by tonsure?", "Determine which part of the head is affected by tonsure."],
    ["What percentage of the fish has spots?", "Work out what percentage of the fish has spots."],
    // Who, when, where, why.
    ["Who can perform lawful arrests?", "Find out who can perform lawful arrests."],
    ["Who was the king of France?", "Identify the king of France."],
    ["Who was Tom married to?", "Find out who Tom was married to."],
    ["Who painted it?", "Find out who painted it."],
    ["When did Kim Il-Sung die?", "Find out when Kim Il-Sung died."],
    ["When did the Rush Limbaugh show first air?", "Find out when the Rush Limbaugh show first aired."],
    ["Where is the Vellore Fort located?", "Find out where the Vellore Fort is located."],
    ["Why was the Carnation Revolution so named?", "Explain why the Carnation Revolution was so named."],
    ["In what year did Johann Sebastian Bach die?", "Find out in what year Johann Sebastian Bach died."],
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
    ["How large is a baby gray whale?", "Determine how large a baby gray whale is."],
    ["Which universe is Star Trip: The Last Crew set in?", "Determine which universe Star Trip: The Last Crew is set in."],
    ["Which period did Leonardo da Vinci live through?", "Determine which period Leonardo da Vinci lived through."],
    ["What does lavender look like?", "Find out what lavender looks like."],
    // The order of a statement, or a form that needs none.
    ["What type of animal are otters?", "Find out what type of animal otters are."],
    ["What colors are Mickey Mouse?", "Find out what colors Mickey Mouse are."],
    ["What group of metals is iron in?", "Find out what group of metals iron is in."],
    ["On what continent are snow leopards found?", "Find out on what continent snow leopards are found."],
    ["What competition did he compete in in 2001?", "Find out in what competition he competed in 2001."],
    ["Which devices can run Microsoft Excel software?", "Determine which devices can run Microsoft Excel software."],
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
    ["Have any people listed in #2 been to the moon?", "Decide whether any people listed in #2 have been to the moon."],
    ["Is any of #2 such that it floats?", "Decide whether any of #2 is such that it floats."],
    ["Would one find a #1 at Sea World?", "Decide whether one would find a #1 at Sea World."],
    ["Do people who follow #1 diets eat #2?", "Decide whether people who follow #1 diets eat #2."],
    ["Did #1 not serve as inspiration?", "Decide whether #1 did not serve as inspiration."],
    ["Is #2 greater than or equal to #1?", "Check whether #2 is greater than or equal to #1."],
    ["Is at least one job listed in #1 also found in #2?", "Check whether at least one job listed in #1 is also found in #2."],
    ["Is passing the eleventh grade required to meet #1?", "Decide whether passing the eleventh grade is required to meet #1."],
    // What stands before the question.
    ["If he gave 5 away, how many are left?", "Find how many are left."],
    ["If Tom buys 3 apples how many will he have?", "Find how many he will have."],
    ["In #1, did link meet an astronomer?", "Decide whether link met an astronomer in #1."],
    ["And how many did she keep?", "Find how many she kept."],
    ["Tom has 3 pens. Mr. Lee has 4. How many pens do they have?", "Find how many pens they have."],
    ["Can you tell me how many cats there are?", "Find how many cats there are."],
    ["How many apples did he buy and how many are left?", "Find how many apples he bought and how many are left."],
    // No question in form.
    ["Find the number.", "Find the number."],
    ["Determine her present age", "Determine her present age."],
    ["Calculate the sum!", "Calculate the sum."],
    ["Jack had ___ apples.", "Find what is missing in: Jack had ___ apples."],
    ["Oceanography is the study of what?", "Find out what Oceanography is the study of."],
    ["John Kerry is a citizen of what country?", "Find out what country John Kerry is a citizen of."],
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
    const started = performance.now();
    questionToSubgoal(`How many ${piece.repeat(100_000)}?`);
    expect(performance.now() - started).toBeLessThan(500);
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
    const started = performance.now();
    const quoted = all.filter(isQuoted);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(quoted.length / all.length).toBeLessThan(share);
  });
});

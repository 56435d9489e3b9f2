import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { subgoalTexts } from "../../../converters/strategyqa/subgoals.ts";
import { processorTime } from "../../support/processor-time.ts";
import { SHARED, hasShared } from "../../support/shared.ts";

describe("the subgoals of a decomposition", () => {
  it.each<[string[], string]>([
    [["Where did the Great Turnip War take place?", "Is #1 near India?"], "Check whether that place is near India."],
    [["What region is The Hollow located in?", "What stretches of desert does #1 border on?"], "Find out what stretches of desert that region borders on."],
    [["How many kids did Ann have?", "How many kids did Bob have?", "Is #2 greater than #1?"], "Check whether the number of kids Bob had is greater than the number of kids Ann had."],
    [["How many people attend the fair?", "What is the capacity of the hall?", "Is #1 less than #2?"], "Check whether the number of people who attend the fair is less than the capacity of the hall."],
    [["When did Ann die?", "When was the phone invented?", "Was #2 before #1?"], "Check whether the phone was invented before Ann died."],
    [["In what year did Ann die?", "What year was the phone invented?", "Is #2 later than #1?"], "Check whether the phone was invented after Ann died."],
    [["When was the first appearance of the Clockmaker?", "When did Bart first appear?", "Did #2 come after #1?"], "Check whether Bart first appeared after the first appearance of the Clockmaker."],
    [["Who made Psycho?", "What country is #1 from?", "Who made Jaws?", "What country is #3 from?", "Is #2 the same as #4?"], "Check whether the country the person who made Psycho is from is the same as the country the person who made Jaws is from."],
    [["Who wrote Hamlet?", "Was #1 married?"], "Check whether that person was married."],
    [["Who wrote Hamlet?", "Who wrote Macbeth?", "Are #1 and #2 the same?"], "Check whether the person who wrote Hamlet and the person who wrote Macbeth are the same."],
    [["What insects produce silk?", "How many things are listed in #1?"], "Find how many things are listed in those insects."],
    [["Is a cat a pet?", "Is a dog a pet?", "Are #1 and #2 positive?"], "Check whether both answers are yes."],
    [["Is a cat a pet?", "Is a dog a pet?", "Is #1 or #2 negative?"], "Check whether at least one of the two answers is no."],
    [["Is a cat a pet?", "Is a dog a pet?", "Is a cow a pet?", "Are #1 and #3 both true?"], "Check whether the first and third answers are both yes."],
    [["What is the golden rule?", "What is #1 times 3?"], "Multiply the golden rule by 3."],
    [["What species is a sable?", "What genus is #1 from?"], "Find out what genus that species is from."],
    [["What do bees make?", "If #1 disappears, are people sad?"], "Decide whether people are sad if that disappears."],
    [["What is in horchata?", "What is rice milk?", "If you add water to #2, is #1 found in it?"], "Check whether what is in horchata is found in it if you add water to rice milk."],
    [["What color is honey?", "Did#1 cover the answer to #1?"], "Decide whether that color covered that color."],
    // Answers that are clauses: a pronoun for the step before, else their place.
    [["What is a bee known for?", "Who studies #1?"], "Find out who studies that."],
    [["Did Ann go?", "Did Bo go?", "Are the answers to #1 and #2 alike?"], "Check whether the first and second answers are alike."],
    [["Does Ann sing?", "Who likes Bo?", "Is #1 known to #2?"], "Check whether the first answer is known to the person who likes Bo."],
    [["What color is Snoopy?", "What color is Chance?", "Is #1 the same as #2?"], "Check whether the color of Snoopy is the same as the color of Chance."],
    [["What kind of boat is a wherry?", "What kind of boat is an oiler?", "Is #1 the same as #2?"], "Check whether the kind of boat that a wherry represents is the same as the kind of boat that an oiler represents."],
    [["What happens when it rains?", "What happens when it snows?", "Is #1 like #2?"], "Check whether what happens when it rains is like what happens when it snows."],
    // A short phrase that two steps share says which.
    [["Which numbers does Ann like best of all the numbers in her big book of red and blue numbers and letters, which is red?", "Which numbers does Bo like?", "Is #1 more than #2?"], "Check whether the numbers from step 1 are more than the numbers Bo likes."],
    [["How much does a cat weigh?", "How much does a dog weigh?", "How tall is a cat?", "How tall is a dog?", "Is #1 less than #2 and is #3 less than #4?"], "Check whether the weight of a cat is less than the weight of a dog and the height of a cat is less than the height of a dog."],
    [["What plans are there?", "Does #1 involve a change?"], "Decide whether those plans involve a change."],
    [["What poems did Ulla write?", "Do any of the works listed in #1 survive?"], "Decide whether any of the works listed in those poems survive."],
    [["What epic poems did Ulla write?", "Do any of the poems listed in #1 survive?"], "Decide whether any of those epic poems survive."],
    [["Who keeps the bees?", "Did #1's sell honey?"], "Decide whether that person sold honey."],
    [["What tools do smiths use?", "Is #1 s weight known?"], "Decide whether those tools' weight is known."],
    [["What kind of rain falls in May?", "Because of #1, would it flood the field?"], "Decide whether it would flood the field because of that kind of rain."],
    [["Who was mayor before Ulla?", "Who was mayor after Ulla?", "What is the age of #1?"], "Find the age of the mayor before Ulla."],
    [["In 1820, which town won the boat race?", "Does #1 still hold it?"], "Decide whether that town still holds it."],
    [["How many lambs were there?", "How many kids were there?", "What is 8 divided by #1?", "What is 9 divided by #2?", "Is #3 greater than #4?"], "Check whether the quotient from step 3 is greater than the quotient from step 4."],
    [["What saws need oil?", "What saws do smiths use?", "Is there any overlap between #1 and #2?"], "Decide whether there is any overlap between the saws that need oil and the saws smiths use."],
    [["Who sold the mill?", "Which town is #1 from?", "Who built the mill?", "Which town is #3 from?"], "Find out which town the person who built the mill is from."],
    [["Which birds can swim?", "Which town do #1 live in?"], "Determine which town those birds live in."],
    [["Who is the host of the show?", "When was #1 born?"], "Find out when that person was born."],
  ])("%j ends in: %s", (questions, expected) => {
    expect(subgoalTexts(questions).at(-1)).toBe(expected);
  });

  it("hold no reference, whatever refers to whatever", () => {
    const questions = ["Who is it?", "Is #1 #1's or #1s?", "If #2, is the result of #1 #2 minus #1?", "Which of #1 or #2 or #3 is it?", "#4"];
    for (const text of subgoalTexts(questions)) {
      expect(text).not.toMatch(/#\d|Quux/i);
      expect(text.trim()).not.toBe("");
    }
  });

  it("stay short and fast where each question takes in all before", () => {
    const questions = Array.from({ length: 50 }, (_, index) => `What is ${Array.from({ length: 200 }, () => `#${Math.max(1, index)} #${Math.max(1, index - 1)}`).join(" of ")}?`);
    const spent = processorTime();
    for (const text of subgoalTexts(questions)) expect(text.length).toBeLessThan(250_000);
    expect(spent()).toBeLessThan(3000);
  });

  it.each(["a ", "#1 ", "is #1 and ", "what ", "(", "?", ".", " ", "how many is "])("take 5,000 characters of %j fast", (piece) => {
    const long = piece.repeat(Math.ceil(5000 / piece.length));
    const spent = processorTime();
    subgoalTexts([`Is ${long}`, `What ${long}?`, `Is #1 ${long}`, `In what year ${long} #2`, `How long ${long}`]);
    expect(spent()).toBeLessThan(1500);
  });
});

describe.skipIf(!hasShared)("the subgoals of the real files", () => {
  const recordsSchema = z.array(z.looseObject({ decomposition: z.array(z.string()) }));
  it.each([["strategyqa_train.json"], ["strategyqa_dev.json"]])("of %s double no word that the question does not, and stay short", (file) => {
    const records = recordsSchema.parse(JSON.parse(readFileSync(join(SHARED, "data", file), "utf8")));
    const texts = records.flatMap(({ decomposition }) => subgoalTexts(decomposition).map((text, index) => ({ text, question: decomposition[index] ?? "" })));
    const doubled = texts.filter(({ text, question }) => DOUBLED.test(text) && !DOUBLED.test(question) && !/\b(art|in) \1\b/.test(text));
    const long = texts.filter(({ text, question }) => text.length > 160 && question.length < 80);
    const nested = texts.filter(({ text }) => /answer to whether/.test(text));
    expect(doubled.length / texts.length).toBeLessThan(0.002);
    expect(long).toEqual([]);
    expect(nested).toEqual([]);
  });
});

const DOUBLED = /(?<![\w'’-])([a-z]{1,20}) \1(?![\w'’-])/i;

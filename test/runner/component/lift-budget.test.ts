import { expect, it } from "vitest";
import { LiftBudget, TooMuchLifted } from "../../../core/runner/component/lift-budget.ts";

const MEBIBYTE = 1024 * 1024;

it("has room for text, elements and copies together, and for no more", () => {
  const lifts = new LiftBudget();
  lifts.text(32 * MEBIBYTE);
  expect(lifts.items(131_072)).toBe(131_072);
  expect(lifts.copy(128 * MEBIBYTE)).toBe(128 * MEBIBYTE);
  expect(() => lifts.items(1)).toThrow(TooMuchLifted);
  lifts.reset();
  lifts.text(64 * MEBIBYTE);
  expect(() => lifts.text(1)).toThrow(TooMuchLifted);
});

it("gains nothing by lengths below zero", () => {
  const lifts = new LiftBudget();
  lifts.items(-1_000_000);
  lifts.copy(-MEBIBYTE);
  lifts.text(64 * MEBIBYTE);
  expect(() => lifts.text(1)).toThrow(TooMuchLifted);
});

it("has what a call took again when it is over, also when it failed, and within it not what is around it", () => {
  const lifts = new LiftBudget();
  for (let call = 0; call < 10; call++)
    lifts.within(() => {
      lifts.text(40 * MEBIBYTE);
      expect(() => lifts.within(() => lifts.text(40 * MEBIBYTE))).toThrow(TooMuchLifted);
      lifts.within(() => lifts.text(20 * MEBIBYTE));
    });
});

// A default export that looks like a blueprint but was not made by defineBlueprint.
export default { name: "misspelt" };

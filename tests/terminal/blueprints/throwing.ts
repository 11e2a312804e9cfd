// A blueprint that can't be imported.
throw new Error("the scale is broken");

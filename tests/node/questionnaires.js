// Standard input: {resources, questionnaires, responses: those of each}. Standard output: what HL7's own schema of R4
// finds in each of the resources, and [points, unusual, risk, sum of weights] of every response, by the engine's own reading.
const JSONSchemaValidator = require("@asymmetrik/fhir-json-schema-validator");
const fhirpath = require("fhirpath");
const model = require("fhirpath/fhir-context/r4");

const said = (url) => (extension) => extension.url.endsWith(url);
const compiled = (expression) => fhirpath.compile(expression, model);

function reader(questionnaire) {
  const variables = questionnaire.extension.filter(said("/variable")).map(({ valueExpression: one }) => [
    one.name,
    compiled(one.expression),
  ]);
  const results = questionnaire.item.at(-1).item.map((item) =>
    compiled(item.extension.find(said("calculatedExpression")).valueExpression.expression),
  );
  const weights = compiled("%resource.repeat(item).answer.weight().sum()");
  const weighs = JSON.stringify(questionnaire).includes("/itemWeight");
  return (resource) => {
    const known = { resource, questionnaire };
    for (const [name, found] of variables) known[name] = found(resource, known);
    const [points, ...others] = results.map((found) => found(resource, known));
    return [points, ...others, weighs && points.length ? weights(resource, known) : []];
  };
}

const given = JSON.parse(require("fs").readFileSync(0, "utf-8"));
const validator = given.resources.length ? new JSONSchemaValidator() : null;
process.stdout.write(
  JSON.stringify({
    errors: given.resources.map((resource) => validator.validate(resource)),
    results: given.questionnaires.map((one, place) => given.responses[place].map(reader(one))),
  }),
);

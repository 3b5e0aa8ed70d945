using System.Text.Json;
using ImageScan.TestSupport;

namespace ImageScan.Functions.Tests.Infrastructure;

/// <summary>Every parameter of the templates has one name: in them, in azd's file and in docs/deploy.md.</summary>
public sealed class ParameterTests
{
    private static readonly IReadOnlyList<string[]> Table = MarkdownTables.Rows("docs/deploy.md", "Parameters");

    [Fact]
    public async Task StandInTheTableWithTheirDefaults()
    {
        JsonElement scanner = (await Bicep.BuildAsync("scanner.bicep")).GetProperty("parameters");
        JsonElement main = (await Bicep.BuildAsync("main.bicep")).GetProperty("parameters");
        Dictionary<string, JsonElement> all = scanner.EnumerateObject().Concat(main.EnumerateObject())
            .DistinctBy(parameter => parameter.Name).ToDictionary(parameter => parameter.Name, parameter => parameter.Value);

        Assert.Equal(all.Keys.Order(StringComparer.Ordinal), Table.Select(row => Plain(row[0])).Order(StringComparer.Ordinal));
        Assert.All(Table, row => Assert.Equal(DefaultOf(main, scanner, Plain(row[0])), Plain(row[2])));
        Assert.All(all.Values, parameter => Assert.NotEqual("", parameter.GetProperty("metadata").GetProperty("description").GetString()));
    }

    [Fact]
    public async Task OfTheGroupAreThoseOfTheSubscriptionWithOneMeaning()
    {
        JsonElement scanner = (await Bicep.BuildAsync("scanner.bicep")).GetProperty("parameters");
        JsonElement main = (await Bicep.BuildAsync("main.bicep")).GetProperty("parameters");

        Assert.All(
            main.EnumerateObject().Where(parameter => scanner.TryGetProperty(parameter.Name, out _) && parameter.Name is not ("name" or "location")),
            parameter => Assert.Equal(scanner.GetProperty(parameter.Name).GetRawText(), parameter.Value.GetRawText()));
    }

    // azd leaves out what is not set, so that defaults stand in one place
    // (https://github.com/Azure/azure-dev/blob/main/cli/azd/pkg/infra/provisioning/bicep/bicep_provider.go, loadParameters).
    [Fact]
    public async Task AreEachReadFromAVariableOfAzd()
    {
        JsonElement main = (await Bicep.BuildAsync("main.bicep")).GetProperty("parameters");
        JsonElement file = RepositoryFiles.Json("infra/main.parameters.json").GetProperty("parameters");

        Assert.Equal(
            main.EnumerateObject().Select(parameter => parameter.Name).Order(StringComparer.Ordinal),
            file.EnumerateObject().Select(parameter => parameter.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            file.EnumerateObject().Select(parameter => $"{parameter.Name} {parameter.Value.GetProperty("value").GetString()}").Order(StringComparer.Ordinal),
            Table.Where(row => row[1] != "").Select(row => $"{Plain(row[0])} ${{{Plain(row[1])}}}").Order(StringComparer.Ordinal));
    }

    private static string DefaultOf(JsonElement main, JsonElement scanner, string name)
    {
        JsonElement parameter = main.TryGetProperty(name, out JsonElement found) ? found : scanner.GetProperty(name);
        return !parameter.TryGetProperty("defaultValue", out JsonElement value) ? "needed"
            : value.ValueKind == JsonValueKind.String && value.GetString()!.StartsWith('[') ? "as location"
            : value.ToString() is "" or "{}" or "[]" ? ""
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetRawText()
            : value.ToString();
    }

    private static string Plain(string cell) => cell.Trim('`');
}

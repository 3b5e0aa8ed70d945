using System.Text.Json;

namespace ImageScan.Functions.Tests.Infrastructure;

/// <summary>The app settings of a foretold deployment: names, and values as they are or as the expressions that Azure evaluates.</summary>
internal static class AppSettings
{
    private const string Call = "createObject(";

    public static IReadOnlyDictionary<string, string> Of(IReadOnlyList<JsonElement> resources)
    {
        JsonElement properties = Assert.Single(
            resources,
            resource => resource.GetProperty("type").GetString() == "Microsoft.Web/sites/config" &&
                resource.GetProperty("name").GetString()!.EndsWith("/appsettings", StringComparison.Ordinal)).GetProperty("properties");
        return properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.ToString())
            : InExpression(properties.GetString()!);
    }

    /// <summary>The names and values of every <c>createObject('name', value, …)</c> in an expression; of a name that is there twice the last value.</summary>
    public static IReadOnlyDictionary<string, string> InExpression(string expression)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int at = expression.IndexOf(Call, StringComparison.Ordinal); at >= 0; at = expression.IndexOf(Call, at + 1, StringComparison.Ordinal))
        {
            List<string> arguments = Arguments(expression[(at + Call.Length)..]);
            Assert.True(arguments.Count % 2 == 0, expression);
            foreach (string[] pair in arguments.Chunk(2))
            {
                settings[pair[0].Trim('\'')] = pair[1].Trim('\'');
            }
        }

        return settings;
    }

    // What stands between commas, down to the bracket that ends the call; texts are in quotes, a quote in them is two
    // (https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions#escape-characters).
    private static List<string> Arguments(string text)
    {
        var arguments = new List<string>();
        int depth = 0;
        int start = 0;
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char next = text[i];
            isQuoted ^= next == '\'';
            if (isQuoted)
            {
                continue;
            }

            if (depth == 0 && (next is ',' or ')') && text[start..i].Trim() is { Length: > 0 } argument)
            {
                arguments.Add(argument);
                start = i + 1;
            }

            depth += next switch { '(' or '[' => 1, ')' or ']' => -1, _ => 0 };
            if (depth < 0)
            {
                return arguments;
            }
        }

        throw new FormatException($"{text} does not end.");
    }
}

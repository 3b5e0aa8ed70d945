using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Api;
using ImageScan.TestSupport;

namespace ImageScan.Functions.Tests.Infrastructure;

/// <summary>docs/test.http has every route that speaks in text, and no other.</summary>
public sealed partial class HttpFileTests
{
    private static readonly string Text = File.ReadAllText(Repository.Path("docs", "test.http")).ReplaceLineEndings("\n");

    [Fact]
    public void HasEveryRouteThatSpeaksInText() => Assert.Equal(
        Operations.All.Where(operation => !operation.IsGrpc && operation.Method != "HEAD").Select(operation => operation.Name).Order(StringComparer.Ordinal),
        Requests().Select(request => request.Operation).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void AsksEachByItsMethodAndRoute() => Assert.All(Requests(), request =>
    {
        Operation operation = Operations.All.Single(operation => operation.Name == request.Operation);

        Assert.Equal(operation.Method, request.Method);
        Assert.Matches($"^{Parameter().Replace(Regex.Escape(operation.Route), InAPath)}$", request.Path.Split('?')[0]);
    });

    [Fact]
    public void SendsWhatTheRouteReads()
    {
        foreach (Request request in Requests())
        {
            if (!Described(request).TryGetProperty("requestBody", out JsonElement body))
            {
                Assert.Equal("", request.Body);
                continue;
            }

            JsonElement sent = JsonSerializer.Deserialize<JsonElement>(request.Body);
            JsonElement schema = body.GetProperty("content").EnumerateObject().First().Value.GetProperty("schema");
            if (schema.TryGetProperty("properties", out JsonElement properties))
            {
                Assert.All(sent.EnumerateObject(), field => Assert.Contains(field.Name, properties.EnumerateObject().Select(property => property.Name)));
            }
        }
    }

    [Fact]
    public void AsksForParametersThatTheRouteReads() => Assert.All(Requests().Where(request => request.Path.Contains('?', StringComparison.Ordinal)), request =>
    {
        string?[] read = [.. Described(request).GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString())];

        Assert.All(request.Path.Split('?')[1].Split('&').Select(pair => pair.Split('=')[0]), name => Assert.Contains(name, read));
    });

    // Or the client would send the braces.
    [Fact]
    public void SaysWhatEveryVariableIs()
    {
        string[] said = [.. Said().Matches(Text).Select(match => match.Groups[1].Value)];

        Assert.Equal(said.Order(StringComparer.Ordinal), Used().Matches(Text).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal));
        Assert.DoesNotMatch("isf_|[0-9a-f]{64}(?<!0{64})", Text);
    }

    /// <summary>What the description of the API says of the route.</summary>
    private static JsonElement Described(Request request) => RepositoryFiles.Json("docs/openapi.json").GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value)
        .Single(operation =>
            operation.ValueKind == JsonValueKind.Object && operation.TryGetProperty("operationId", out JsonElement id) && id.GetString() == request.Operation);

    // Of a parameter that takes the rest of the path, of one that may be missing, and of any other.
    private static string InAPath(Match parameter) =>
        parameter.Value.Contains('*', StringComparison.Ordinal) ? ".+" : parameter.Value.Contains('?', StringComparison.Ordinal) ? "[^/]*" : "[^/]+";

    private static IEnumerable<Request> Requests()
    {
        foreach (string block in Text.Split("\n### ")[1..])
        {
            Match line = Asked().Match(block);
            Assert.True(line.Success, block);
            string[] parts = block[line.Index..].Split("\n\n", 2);
            yield return new Request(line.Groups[1].Value, line.Groups[2].Value, line.Groups[3].Value, parts.Length > 1 ? parts[1].Trim() : "");
        }
    }

    private sealed record Request(string Operation, string Method, string Path, string Body);

    [GeneratedRegex(@"^# @name (\w+)\n([A-Z]+) \{\{host\}\}/(\S*)$", RegexOptions.Multiline)]
    private static partial Regex Asked();

    [GeneratedRegex(@"^@(\w+) = \S", RegexOptions.Multiline)]
    private static partial Regex Said();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Used();

    [GeneratedRegex(@"\\\{[^}]*\}")]
    private static partial Regex Parameter();
}

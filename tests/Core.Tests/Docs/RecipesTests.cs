using System.Text.Json;
using ImageScan.Core.Api;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Docs;

/// <summary><c>docs/recipes.md</c> against the routes that there are; that its requests do what it says <c>EndToEnd/Docs</c> tries.</summary>
public sealed class RecipesTests
{
    private static readonly IReadOnlyList<Recipe> Recipes = Recipe.Read();

    [Fact]
    public void ShowEveryOperationAndNoOther() => Assert.Equal(
        Operations.All.Select(NameOf).Order(StringComparer.Ordinal),
        Recipes.Select(recipe => OperationOf(recipe) is { } operation ? NameOf(operation) : $"no route: {recipe.Method} /{recipe.Path}").Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void NameParametersThatTheDescriptionKnows()
    {
        using var description = JsonDocument.Parse(File.ReadAllText(Repository.Path("docs/openapi.json")));

        Assert.All(Recipes.Where(recipe => recipe.Parameters.Count > 0 && OperationOf(recipe) is not null), recipe =>
        {
            Operation operation = OperationOf(recipe)!;
            JsonElement described = description.RootElement.GetProperty("paths").GetProperty($"/{operation.Route.Replace("{*", "{", StringComparison.Ordinal)}").GetProperty(operation.Method.ToLowerInvariant());
            Assert.Subset(
                described.GetProperty("parameters").EnumerateArray().Where(parameter => parameter.TryGetProperty("name", out _)).Select(parameter => parameter.GetProperty("name").GetString()!).ToHashSet(),
                recipe.Parameters.ToHashSet());
        });
    }

    private static string NameOf(Operation operation) => $"{operation.Method} /{operation.Route}";

    // Of several routes that a path fits, the one that says most of it.
    private static Operation? OperationOf(Recipe recipe) => Operations.All
        .Where(operation => operation.Method == recipe.Method && Fits(operation.Route, recipe.Path))
        .MaxBy(operation => operation.Route.Split('/').Count(part => !IsValue(part)));

    private static bool Fits(string route, string path)
    {
        string[] parts = route.Split('/');
        string[] given = path.Split('/');
        // The last value may have slashes of its own, as names of images do.
        if (parts[^1].StartsWith("{*", StringComparison.Ordinal) && given.Length > parts.Length)
        {
            given = [.. given[..(parts.Length - 1)], string.Join('/', given[(parts.Length - 1)..])];
        }

        return parts.Length == given.Length && parts.Zip(given).All(pair => IsValue(pair.First) ? IsRootOrFits(pair.First, pair.Second) : pair.First == pair.Second);
    }

    // The root of the site is a value without room for a letter.
    private static bool IsRootOrFits(string value, string given) => given.Length == 0 == value.Contains("maxlength(0)", StringComparison.Ordinal);

    private static bool IsValue(string part) => part.StartsWith('{');
}

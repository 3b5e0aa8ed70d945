using System.Text.Json;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Description;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Docs;

/// <summary><c>docs/recipes.md</c> against the routes that there are; that its requests do what it says <c>EndToEnd/Docs</c> tries.</summary>
public sealed class RecipesTests
{
    private static readonly IReadOnlyList<Recipe> Recipes = Recipe.Read();

    [Fact]
    public void ShowEveryOperationAndNoOther() => Assert.Equal(
        Operations.All.Select(NameOf).Order(StringComparer.Ordinal),
        Recipes
            .Select(recipe => OperationOf(recipe) is { } operation ? NameOf(operation) : $"no route: {recipe.Method} /{recipe.Path}")
            .Distinct()
            .Order(StringComparer.Ordinal));

    [Fact]
    public void NameParametersThatTheDescriptionKnows()
    {
        using var description = JsonDocument.Parse(ApiDescription.DocumentOf(new ApiSettings().Level));

        Assert.All(Recipes.Where(recipe => recipe.Parameters.Count > 0 && OperationOf(recipe) is not null), recipe =>
        {
            Operation operation = OperationOf(recipe)!;
            JsonElement described = description.RootElement.GetProperty("paths").GetProperty(operation.Path)
                .GetProperty(operation.Method.ToLowerInvariant());
            IEnumerable<string> known = described.GetProperty("parameters").EnumerateArray()
                .Select(parameter => parameter.TryGetProperty("name", out JsonElement name) ? name.GetString()! : "");
            Assert.Subset(known.ToHashSet(), recipe.Parameters.ToHashSet());
        });
    }

    private static string NameOf(Operation operation) => $"{operation.Method} {operation.Path}";

    private static Operation? OperationOf(Recipe recipe) => DescribedApi.OperationAt(recipe.Method, recipe.Path);
}

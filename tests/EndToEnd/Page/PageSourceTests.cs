using ImageScan.EndToEnd.Tools;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Page;

/// <summary>The page's own modules, as TypeScript and Node.js see them.</summary>
public sealed class PageSourceTests
{
    private static readonly string Folder = Repository.Path("src/Core/Api/Page");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // https://www.typescriptlang.org/docs/handbook/type-checking-javascript-files.html
    [Fact]
    public async Task HasTypesThatFit()
    {
        string[] options =
        [
            "node_modules/typescript/bin/tsc", "--noEmit", "--allowJs", "--checkJs", "--strict", "--noImplicitOverride", "--noUnusedLocals", "--noUnusedParameters",
            "--target", "es2024", "--lib", "es2024,dom,dom.iterable", "--module", "esnext", "--moduleResolution", "bundler", "--types", "",
        ];
        string[] files = [.. Directory.EnumerateFiles(Folder).Where(file => file.EndsWith(".js", StringComparison.Ordinal) || file.EndsWith(".ts", StringComparison.Ordinal))];

        (int code, string output, string errors) = await NodeTools.RunAsync([.. options, .. files], Token);

        Assert.NotEmpty(files);
        Assert.True(code == 0, $"{output}{errors}");
    }

    // https://nodejs.org/api/test.html
    [Fact]
    public async Task DoesInNodeWhatItsTestsSay()
    {
        string[] tests = [.. Directory.EnumerateFiles(Repository.Path("tests/EndToEnd/Page"), "*.test.mjs")];

        (int code, string output, string errors) = await NodeTools.RunAsync(["--test", .. tests], Token);

        Assert.NotEmpty(tests);
        Assert.True(code == 0, $"{output}{errors}");
        Assert.Matches("(?m)^# pass [1-9]|ℹ pass [1-9]", output);
    }

    // Text becomes a text node, or nothing does (src/Core/Api/Page/README.md).
    [Fact]
    public void MakesNoMarkupOfText() => Assert.All(
        Directory.EnumerateFiles(Folder, "*.js"),
        file => Assert.DoesNotMatch(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setHTMLUnsafe|DOMParser", File.ReadAllText(file)));
}

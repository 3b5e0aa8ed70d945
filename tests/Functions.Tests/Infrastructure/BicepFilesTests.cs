using ImageScan.TestSupport;

namespace ImageScan.Functions.Tests.Infrastructure;

/// <summary>infra/ as its compiler, its linter and its formatter see it.</summary>
public sealed class BicepFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bicep-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Lint ends with 0 after warnings, so it has to have said nothing.
    [Fact]
    public async Task AreCompiledAndLintedWithoutAWord()
    {
        Bicep lint = await Bicep.RunAsync("lint", "--pattern", Bicep.PathOf("*.bicep"));

        Assert.Equal("", lint.Messages + lint.Output);
        Assert.Equal(0, lint.ExitCode);
    }

    [Fact]
    public async Task AreFormatted()
    {
        foreach (string file in Directory.GetFiles(Repository.Path("infra")))
        {
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        }

        await Bicep.RunAsync("format", "--pattern", Path.Combine(_folder, "*.bicep"));

        Assert.All(Bicep.Files, file => Assert.Equal(File.ReadAllText(Path.Combine(_folder, file)), File.ReadAllText(Bicep.PathOf(file))));
    }

    // Modules of others would be fetched when somebody deploys, and be what they then are.
    [Fact]
    public void UseNoModuleOfOthers()
    {
        Assert.NotEmpty(Bicep.Files);
        Assert.All(Bicep.Files, file => Assert.DoesNotMatch("'(br|ts)[:/]", File.ReadAllText(Bicep.PathOf(file))));
    }

    [Fact]
    public async Task WouldNotPassInSilenceIfTheyWereBroken()
    {
        (string Word, string Text)[] broken =
        [
            ("BCP036", "resource plan 'Microsoft.Web/serverfarms@2024-04-01' = { name: 'plan', location: 5 }"),
            ("no-unused-params", "param unused string"),
            ("no-hardcoded-env-urls", "output login string = 'https://login.microsoftonline.com'"),
            ("secure-parameter-default", "@secure()\nparam word string = 'a word that everybody knows'\noutput length int = length(word)"),
            ("prefer-interpolation", "param word string\noutput words string = concat(word, 's')"),
        ];
        File.Copy(Bicep.PathOf("bicepconfig.json"), Path.Combine(_folder, "bicepconfig.json"));
        foreach ((string word, string text) in broken)
        {
            await File.WriteAllTextAsync(Path.Combine(_folder, $"{word}.bicep"), text, TestContext.Current.CancellationToken);
        }

        Bicep lint = await Bicep.RunAsync("lint", "--pattern", Path.Combine(_folder, "*.bicep"));

        Assert.NotEqual(0, lint.ExitCode);
        Assert.All(
            broken,
            file => Assert.Contains(
                (lint.Messages + lint.Output).Split('\n'),
                line => line.Contains($"{file.Word}.bicep(", StringComparison.Ordinal) && line.Contains($" {file.Word}: ", StringComparison.Ordinal)));
    }
}

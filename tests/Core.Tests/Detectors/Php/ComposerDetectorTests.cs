using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Php;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Php;

public sealed class ComposerDetectorTests
{
    private const string File = "app/vendor/composer/installed.json";

    private const string Entries = """
        [
          {
            "name": "symfony/console", "version": "v5.4.1", "version_normalized": "5.4.1.0",
            "require": {"php": ">=7.2.5", "name": "no"}, "type": "library", "license": ["MIT"],
            "authors": [{"name": "Somebody"}], "support": {"source": "https://example.org"}, "install-path": "../symfony/console"
          },
          {"name": "phpunit/phpunit", "version": "9.5.10", "type": "library", "license": ["BSD-3-Clause", "GPL-2.0-only"]},
          {"name": "drupal/core-recommended", "version": "10.1.0", "type": "metapackage", "install-path": null}
        ]
        """;

    private readonly ComposerDetector _detector = new();

    [Theory]
    [InlineData(Entries)]
    [InlineData("{\"packages\": " + Entries + ", \"dev\": true, \"dev-package-names\": [\"phpunit/phpunit\"]}")]
    [InlineData("\uFEFF{\"dev\": true, \"packages\": " + Entries + "}")]
    public void ReadsTheListsOfComposer1And2(string json)
    {
        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Equal(
            [("symfony/console", "v5.4.1", "MIT"), ("phpunit/phpunit", "9.5.10", "BSD-3-Clause OR GPL-2.0-only")],
            found.Packages.Select(package => (package.Name, package.Version, package.License)));
        Assert.All(found.Packages, package => Assert.Equal((PackageType.Composer, File), (package.Type, package.Path)));
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("\"MIT\"", "MIT")]
    [InlineData("\"\"", null)]
    [InlineData("[]", null)]
    [InlineData("[[\"MIT\"], {\"a\": \"b\"}, 7]", null)]
    [InlineData("null", null)]
    public void ReadsEveryFormOfLicense(string value, string? license)
    {
        FileFindings found = Detection.Read(_detector, File, "[{\"license\": " + value + ", \"name\": \"a/b\", \"version\": \"1\"}]");

        Assert.Equal(license, Assert.Single(found.Packages).License);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"packages\": {}, \"dev\": []}")]
    [InlineData("[1, [2], null]")]
    public void TakesAnEmptyListForOne(string json)
    {
        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("[{\"name\": \"a/b\"}]")]
    [InlineData("[{\"version\": \"1\"}]")]
    [InlineData("[{\"name\": {\"name\": \"a/b\"}, \"version\": \"1\"}]")]
    public void SaysThatAnEntryLacksItsNameOrVersion(string json)
    {
        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Empty(found.Packages);
        Assert.Contains("lacks", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("[{\"name\": \"a/b\", \"version\": \"1\"")]
    [InlineData("{\"packages\": [}")]
    public void SaysThatAFileIsNoJson(string json)
    {
        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Empty(found.Packages);
        Assert.Contains("no valid JSON", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void KeepsWhatStandsBeforeTheDamage()
    {
        FileFindings found = Detection.Read(_detector, File, "[{\"name\": \"a/b\", \"version\": \"1\"}, {\"name\": ");

        Assert.Single(found.Packages);
        Assert.Single(found.Warnings);
    }

    [Fact]
    public void RefusesAFileThatIsTooLarge()
    {
        string json = "{\"a\": \"" + new string('a', 16 << 20) + "\"}";

        Assert.Contains("was not read", Assert.Single(Detection.Read(_detector, File, json).Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(File, true)]
    [InlineData("composer/installed.json", true)]
    [InlineData("var/www/html/wp-content/plugins/x/lib/composer/installed.json", true)]
    [InlineData("app/tests/vendor/composer/installed.json", true)]
    [InlineData("app/vendor/composer/composer/tests/Composer/Test/composer/installed.json", false)]
    [InlineData("app/vendor/a/b/Fixtures/vendor/composer/installed.json", false)]
    [InlineData("app/vendor/mycomposer/installed.json", false)]
    [InlineData("app/vendor/composer/installed.php", false)]
    public void WantsTheListsOfInstalledPackages(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}

using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Python;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Python;

public sealed class PythonDetectorTests
{
    private const string Metadata = "usr/lib/python3/site-packages/x-1.dist-info/METADATA";

    private readonly PythonDetector _detector = new();

    [Fact]
    public void ReadsNameVersionAndLicense()
    {
        const string Text = "Metadata-Version: 2.1\nName: Flask_SQLAlchemy\nVersion: 3.0.2\nLicense: BSD-3-Clause\n\nName: not this\nVersion: 9\n";

        Package package = Assert.Single(Detection.Read(_detector, Metadata, Text).Packages);

        Assert.Equal(
            (PackageType.Python, "flask-sqlalchemy", "3.0.2", "BSD-3-Clause", Metadata),
            (package.Type, package.Name, package.Version, package.License, package.Path));
    }

    [Theory]
    [InlineData("License-Expression: MIT\nLicense: other\n", "MIT")]
    [InlineData("License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\n", "MIT License")]
    [InlineData(
        "Classifier: License :: OSI Approved\n"
        + "Classifier: License :: OSI Approved :: BSD License\n"
        + "Classifier: License :: OSI Approved :: Apache Software License\n",
        "BSD License, Apache Software License")]
    [InlineData("License: Copyright\n and more of its text\n", "Copyright")]
    [InlineData("License: Copyright\n and more of its text\nClassifier: License :: OSI Approved :: MIT License\n", "MIT License")]
    [InlineData("License: MIT\nSummary: x\n and more\nClassifier: License :: OSI Approved :: BSD License\n", "MIT")]
    [InlineData("Summary: x\n", null)]
    public void ChoosesTheMostExactLicense(string headers, string? license)
    {
        FileFindings found = Detection.Read(_detector, Metadata, $"Name: x\nVersion: 1\n{headers}");

        Assert.Equal(license, Assert.Single(found.Packages).License);
    }

    [Theory]
    [InlineData("Name: x\n")]
    [InlineData("Version: 1\n")]
    [InlineData("\nName: x\nVersion: 1\n")]
    [InlineData("")]
    public void SaysThatNameOrVersionIsMissing(string text)
    {
        FileFindings found = Detection.Read(_detector, Metadata, text);

        Assert.Empty(found.Packages);
        Assert.Single(found.Warnings);
    }

    [Theory]
    [InlineData("usr/lib/python3/dist-packages/cryptography-38.0.4.dist-info/METADATA", true)]
    [InlineData("usr/lib/python3/dist-packages/PyJWT-2.6.0.egg-info/PKG-INFO", true)]
    [InlineData("usr/lib/python2.7/wsgiref.egg-info", true)]
    [InlineData("opt/x/foo-1.0-py3.9.egg/EGG-INFO/PKG-INFO", true)]
    [InlineData("opt/x/foo-1.0-py2.7.egg", true)]
    [InlineData("app/.venv/lib/python3.12/site-packages/__editable__.x-1.0.pth", false)]
    [InlineData("app/.venv/lib/python3.12/site-packages/x-1.0.dist-info/METADATA", true)]
    [InlineData("app/.venv/lib/python3.8/site-packages/x.egg-link", false)]
    [InlineData("src/x/x.egg-info/PKG-INFO", true)]
    [InlineData("usr/lib/python3/dist-packages/x.dist-info/RECORD", false)]
    [InlineData("usr/lib/python3/dist-packages/x/METADATA", false)]
    [InlineData("usr/lib/python3/dist-packages/~equests-2.0.dist-info/METADATA", false)]
    [InlineData("src/x/PKG-INFO", false)]
    public void WantsMetadataOfInstalledDistributions(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}

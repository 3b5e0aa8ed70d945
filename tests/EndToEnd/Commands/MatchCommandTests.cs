using System.Text.Json;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Commands;

public sealed class MatchCommandTests : IDisposable
{
    private readonly string _list = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    private static readonly Dictionary<string, string> NoSettings = [];

    public void Dispose() => File.Delete(_list);

    private Task<(int ExitCode, string Output, string Error)> MatchAsync(string list, params string[] more)
    {
        File.WriteAllText(_list, list);
        return CommandProcess.RunAsync(NoSettings, ["match", "--packages", _list, .. more]);
    }

    [Fact]
    public async Task FindsWhatTheAdvisoriesSayOfAListOfPackages()
    {
        (int exitCode, string output, _) = await MatchAsync(
            "pkg:npm/lodash@4.17.20\ndpkg/libssl1.1/1.1.1n-0+deb11u3/openssl\n", "--distro", "debian:11", "--format", "json");

        Assert.Equal(0, exitCode);
        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement[] packages = [.. document.RootElement.GetProperty("packages").EnumerateArray()];
        JsonElement lodash = packages[0].GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("id").GetString() == "CVE-2021-23337");
        Assert.Equal(("4.17.21", "fixed"), (lodash.GetProperty("fixedBy").GetString(), lodash.GetProperty("status").GetString()));
        Assert.Contains("GHSA-35jh-r3h4-6jhm", lodash.GetProperty("aliases").EnumerateArray().Select(alias => alias.GetString()));
        Assert.Contains("CVE-2023-0286", packages[1].GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task StopsAtTheGateAndSaysWhatWasNotMatched()
    {
        (int exitCode, string output, string error) = await MatchAsync("npm/lodash/4.17.20\ndpkg/libssl1.1/1.1.1n-0+deb11u3/openssl\n", "--fail-on", "important");

        Assert.Equal(1, exitCode);
        Assert.Contains("CVE-2021-23337", output, StringComparison.Ordinal);
        Assert.DoesNotContain("CVE-2023-0286", output, StringComparison.Ordinal);
        Assert.Contains("give --distro", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":1}")]
    [InlineData("nonsense")]
    public async Task RefusesAListWithoutPackages(string list)
    {
        (int exitCode, string output, string error) = await MatchAsync(list);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("Error: ", error, StringComparison.Ordinal);
    }
}

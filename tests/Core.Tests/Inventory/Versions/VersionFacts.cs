using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

/// <summary>Files of facts, one a line: <c>1.0 &lt; 1.1</c>; blank lines and those that begin with # are skipped.</summary>
internal static class VersionFacts
{
    /// <summary>A file of the project's own facts.</summary>
    public static string Own(string name) => Path.Combine(AppContext.BaseDirectory, "Inventory", "Versions", "TestData", name);

    /// <summary>Every line must hold, from both sides; returns how many there are.</summary>
    public static int AllHold(VersionScheme scheme, string path)
    {
        var wrong = new List<string>();
        int count = 0;
        foreach (string line in Lines(path))
        {
            int mark = line.IndexOfAny(['<', '=', '>']);
            string left = line[..mark].Trim();
            string right = line[(mark + 1)..].Trim();
            int expected = line[mark] switch { '<' => -1, '>' => 1, _ => 0 };
            count++;
            if (!Holds(scheme, left, right, expected))
            {
                wrong.Add(line);
            }
        }

        Assert.Empty(wrong);
        Assert.True(count > 0, $"{path} has no facts.");
        return count;
    }

    /// <summary>Whether both sides compare as expected.</summary>
    public static bool Holds(VersionScheme scheme, string left, string right, int expected) =>
        scheme.TryCompare(left, right, out int order)
        && scheme.TryCompare(right, left, out int reverse)
        && Math.Sign(order) == expected
        && Math.Sign(reverse) == -expected;

    /// <summary>Whether the scheme takes it as a version at all.</summary>
    public static bool IsVersion(VersionScheme scheme, string version) => scheme.TryCompare(version, version, out _);

    /// <summary>The lines that are neither blank nor a remark.</summary>
    public static IEnumerable<string> Lines(string path) =>
        File.ReadLines(path).Where(line => !string.IsNullOrWhiteSpace(line) && !line.StartsWith('#'));
}

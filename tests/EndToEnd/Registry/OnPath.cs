namespace ImageScan.EndToEnd.Registry;

/// <summary>Programs of the machine that some tests need and others can do without.</summary>
internal static class OnPath
{
    public static bool Has(string program)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Any(folder => File.Exists(Path.Combine(folder, program)));
    }

    /// <summary>Skips the running test, with a word that <c>.ci/run</c> looks for, if the program is not there.</summary>
    public static void Require(string program)
    {
        if (!Has(program))
        {
            Assert.Skip($"Skipped: {program} is not on the PATH.");
        }
    }
}

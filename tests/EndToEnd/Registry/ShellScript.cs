using System.Diagnostics;

namespace ImageScan.EndToEnd.Registry;

/// <summary>Programs that a test makes for itself.</summary>
internal static class ShellScript
{
    /// <summary>
    /// Writes a script that can be run at once; skips the running test on Windows. The file itself is written by another process: one that this
    /// process writes cannot be run (ETXTBSY) while a child that a test beside it has just forked still holds its handle.
    /// </summary>
    public static void Write(string path, string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Skipped: the programs of this test are shell scripts.");
        string text = path + ".txt";
        File.WriteAllText(text, $"#!/bin/sh\n{script}\n");
        using Process copy = Process.Start("/bin/sh", ["-c", "cp \"$0\" \"$1\" && chmod 755 \"$1\" && rm \"$0\"", text, path]);
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
    }
}

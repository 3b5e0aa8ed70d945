namespace ImageScan.Core.Detectors.Java;

/// <summary>Which files are Java archives by their name.</summary>
internal static class JavaArchiveNames
{
    /// <summary>How many bytes <see cref="MayBe"/> looks at.</summary>
    public const int StartLength = 2;

    // Jar and what servers and tools deploy in the same format: war, ear, par and sar (JBoss), rar (resource adapters), kar (Karaf), nar (NiFi),
    // hpi and jpi (Jenkins), aar (Android, Axis2), lpkg (Liferay).
    private static readonly string[] Extensions = ["jar", "war", "ear", "par", "sar", "rar", "kar", "nar", "hpi", "jpi", "aar", "lpkg"];

    // These mean other things as well: compressed archives of WinRAR, karaoke, statistics of sysstat.
    private static readonly string[] SharedExtensions = ["par", "sar", "rar", "kar", "nar", "aar"];

    /// <summary>Whether the name ends like that of a Java archive.</summary>
    public static bool Is(ReadOnlySpan<char> name) => IsOneOf(Extensions, name);

    /// <summary>As <see cref="Is(ReadOnlySpan{char})"/>, for a name in bytes.</summary>
    public static bool Is(ReadOnlySpan<byte> name)
    {
        const int Longest = 5;
        Span<char> end = stackalloc char[Longest];
        ReadOnlySpan<byte> bytes = name[^Math.Min(Longest, name.Length)..];
        for (int i = 0; i < bytes.Length; i++)
        {
            end[i] = (char)bytes[i];
        }

        return Is(end[..bytes.Length]);
    }

    /// <summary>
    /// Whether a file of such a name may be an archive by its first bytes: it is not empty, and no other format of that name. A jar may begin
    /// with anything, such as a script that starts it.
    /// </summary>
    public static bool MayBe(ReadOnlySpan<char> name, ReadOnlySpan<byte> start) =>
        !start.IsEmpty && (!IsOneOf(SharedExtensions, name) || start.StartsWith("PK"u8));

    private static bool IsOneOf(string[] extensions, ReadOnlySpan<char> name)
    {
        int dot = name.LastIndexOf('.');
        if (dot < 0 || name.Length - dot is < 4 or > 5)
        {
            return false;
        }

        foreach (string extension in extensions)
        {
            if (name[(dot + 1)..].Equals(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}

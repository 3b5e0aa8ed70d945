using CsCheck;

namespace ImageScan.Core.Tests.Vulnerabilities.Cvss;

/// <summary>Random text, some of it nearly a vector.</summary>
internal static class CvssText
{
    public const int Tries = 10_000;

    private static readonly string[] Parts =
    [
        "CVSS:3.0", "CVSS:3.1", "CVSS:4.0", "CVSS:2.0",
        "AV:N", "AV:P", "AC:L", "AC:H", "AT:N", "AT:P", "Au:N", "PR:N", "PR:H", "UI:N", "UI:A", "S:U", "S:C",
        "C:H", "C:P", "I:H", "I:N", "A:H", "A:N", "VC:H", "VI:L", "VA:N", "SC:L", "SI:N", "SA:H", "MSI:S",
        "E:X", "E:U", "CR:M", "U:Red", "X", "", ":", "AV:", ":N", "(", ")", "\0", "AV:\u0660",
    ];

    public static readonly Gen<string> Any = Gen.OneOf(
        Gen.String,
        Gen.Int[0, Parts.Length - 1].Array[0, 16].Select(chosen => string.Join('/', chosen.Select(i => Parts[i]))),
        Gen.Select(
            Gen.OneOf(
                Gen.Const("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
                Gen.Const("AV:N/AC:L/Au:N/C:C/I:C/A:C"),
                Gen.Const("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N")),
            Gen.Int[0, 80],
            Gen.String,
            (vector, at, text) => vector.Insert(Math.Min(at, vector.Length), text)));
}

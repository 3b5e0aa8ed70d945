using CsCheck;

namespace ImageScan.Core.Tests.Inventory.Versions;

/// <summary>Random parts of versions, small enough that two often meet.</summary>
internal static class VersionGen
{
    /// <summary>Small numbers, some with zeros in front, a few too large for any integer type.</summary>
    public static readonly Gen<string> Number = Gen.Frequency(
        (6, Gen.Int[0, 3].Select(number => $"{number}")),
        (2, Gen.Int[0, 12].Select(number => $"{number:00}")),
        (1, Gen.Int[8, 9].Select(number => $"9999999999999999999999999999{number}")));

    /// <summary>One to four numbers with dots between.</summary>
    public static readonly Gen<string> Dotted = Number.Array[1, 4].Select(numbers => string.Join('.', numbers));

    /// <summary>One of these.</summary>
    public static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    /// <summary>It or nothing.</summary>
    public static Gen<string> Maybe(Gen<string> part) => Gen.OneOf(Gen.Const(""), part);

    /// <summary>Text of these characters.</summary>
    public static Gen<string> Of(string characters, int min, int max) => Gen.String[Gen.Char[characters], min, max];

    /// <summary>The parts, one after the other.</summary>
    public static Gen<string> Join(params Gen<string>[] parts) =>
        parts.Aggregate((all, part) => Gen.Select(all, part, (left, right) => left + right));
}

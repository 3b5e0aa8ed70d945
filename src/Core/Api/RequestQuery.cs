using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ImageScan.Core.Api;

/// <summary>
/// Query parameters, read as grpc-gateway 1.16 reads them: camelCase or snake_case, case-sensitive, values in Go's forms
/// (https://github.com/grpc-ecosystem/grpc-gateway/blob/v1.16.0/runtime/query.go).
/// </summary>
public sealed class RequestQuery(IQueryCollection query)
{
    /// <summary>A text; "" if it is missing.</summary>
    public string Text(string name) => ValueOf(name) ?? "";

    /// <summary>
    /// A boolean in the forms of Go's strconv.ParseBool; false if it is missing. Throws <see cref="ApiException"/> with code 3.
    /// </summary>
    public bool Flag(string name) => ValueOf(name) switch
    {
        null => false,
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        var text => throw Unreadable("ParseBool", text),
    };

    /// <summary>A number that is not negative; 0 if it is missing. Throws <see cref="ApiException"/> with code 3.</summary>
    public int Number(string name)
    {
        string? text = ValueOf(name);
        int number = 0;
        return text is null || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            ? number
            : throw Unreadable("ParseInt", text);
    }

    /// <summary>A number that may be negative; 0 if it is missing. Throws <see cref="ApiException"/> with code 3.</summary>
    public int SignedNumber(string name)
    {
        string? text = ValueOf(name);
        int number = 0;
        return text is null || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            ? number
            : throw Unreadable("ParseInt", text);
    }

    /// <summary>
    /// An enum by its proto names, or its number; the default if it is missing. Throws <see cref="ApiException"/> with code 3.
    /// </summary>
    /// <param name="name">The parameter.</param>
    /// <param name="goName">What the enum's type is called in Go.</param>
    public TEnum Choice<TEnum>(string name, string goName)
        where TEnum : struct, Enum
    {
        if (ValueOf(name) is not { } text)
        {
            return default;
        }

        bool isNumber = int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number);
        return Enum.GetValues<TEnum>().Cast<TEnum?>()
            .FirstOrDefault(value => NameOf(value!.Value) == text || (isNumber && Convert.ToInt32(value, CultureInfo.InvariantCulture) == number))
            ?? throw new ApiException(GrpcCode.InvalidArgument, $"{text} is not a valid {goName}");
    }

    /// <summary>
    /// The platform to scan, <c>platform=os/architecture[/variant]</c>: an addition of this app. Null if it is missing. Throws
    /// <see cref="ApiException"/> with code 3.
    /// </summary>
    public Platform? Platform()
    {
        string? text = ValueOf("platform");
        return text is null ? null
            : Images.Platform.TryParse(text, out Platform? platform) ? platform
            : throw new ApiException(
                GrpcCode.InvalidArgument,
                $"platform must be os/architecture or os/architecture/variant, such as linux/arm64, not \"{text}\": invalid arguments");
    }

    /// <summary>
    /// The name under which an image is meant that may have several, <c>name=</c>: an addition of this app. Null if it is missing. Throws
    /// <see cref="ApiException"/> with code 3.
    /// </summary>
    public ImageReference? Name() => Text("name") is { Length: > 0 } text ? CallerScans.ReferenceOf(text) : null;

    private static ApiException Unreadable(string parser, string text) =>
        new(GrpcCode.InvalidArgument, $"strconv.{parser}: parsing \"{text}\": invalid syntax");

    // SCANNER_V4: a digit begins no word of proto's.
    private static string NameOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{value}");

    private string? ValueOf(string name)
    {
        bool found = query.TryGetValue(name, out StringValues values)
            || query.TryGetValue(SnakeCaseOf(name), out values);
        // ASP.NET's collection does not look at case; the gateway does.
        return found && values.Count > 0 && query.Keys.Any(key => key == name || key == SnakeCaseOf(name)) ? values[0] : null;
    }

    // pagination.sortOption.field: each part is a name of its own.
    private static string SnakeCaseOf(string name) =>
        string.Join('.', name.Split('.').Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
}

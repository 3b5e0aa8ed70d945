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

    private static ApiException Unreadable(string parser, string text) =>
        new(GrpcCode.InvalidArgument, $"strconv.{parser}: parsing \"{text}\": invalid syntax");

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

using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api;

/// <summary>
/// The part of StackRox's search language that exceptions are looked for with: <c>Field:value,value+Field:value</c>, where each term must fit with
/// one of its values. A text is found by what it begins with, whatever the case, or as a whole in double quotes; <c>!value</c> is what is not found
/// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/options.go, proto/storage/vuln_requests.proto). What StackRox would pass over, a
/// field that exceptions do not have and a term without a value, is refused: it would give what nobody asked for.
/// </summary>
public sealed class ExceptionQuery
{
    private const int MaxCharacters = 16_000;

    private static readonly IReadOnlyList<Field> Fields =
    [
        Field.OfTexts("Request Name", exception => [exception.Name]),
        Field.OfTexts("CVE", exception => exception.Cves),
        Field.OfTexts("Deferral Update CVEs", exception => UpdatedOf(exception, ExceptionTarget.Deferred)),
        Field.OfTexts("False Positive Update CVEs", exception => UpdatedOf(exception, ExceptionTarget.FalsePositive)),
        Field.OfTexts("Image Registry Scope", exception => [exception.Scope.Registry]),
        Field.OfTexts("Image Remote Scope", exception => [exception.Scope.Remote]),
        Field.OfTexts("Image Tag Scope", exception => [exception.Scope.Tag]),
        Field.OfTexts("Requester User ID", exception => [exception.Requester.Id]),
        Field.OfTexts("Requester User Name", exception => [exception.Requester.Name]),
        Field.OfTexts("Approver User ID", exception => [.. exception.Approvers.Select(approver => approver.Id)]),
        Field.OfTexts("Approver User Name", exception => [.. exception.Approvers.Select(approver => approver.Name)]),
        Field.OfTexts("Request Status", exception => [ProtoNameOf(exception.Status)]),
        Field.OfTexts("Requested Vulnerability State", exception => [ProtoNameOf(exception.Target)]),
        Field.OfTexts("Expiry Type", exception => exception.Expiry is { } expiry ? [ProtoNameOf(expiry.Kind)] : []),
        Field.OfFlag("Expired Request", exception => exception.IsExpired),
        Field.OfFlag("Request Expires When Fixed", exception => exception.Expiry?.Kind == ExceptionExpiryKind.AnyCveFixable),
        Field.OfMoment("Created Time", exception => exception.CreatedAt),
        Field.OfMoment("Last Updated", exception => exception.LastUpdated),
        Field.OfMoment("Request Expiry Time", exception => exception.Expiry?.ExpiresOn),
    ];

    private readonly IReadOnlyList<Func<VulnerabilityException, bool>> _terms;
    private readonly ExceptionPage _page;
    private readonly Field _order;

    private ExceptionQuery(IReadOnlyList<Func<VulnerabilityException, bool>> terms, ExceptionPage page, Field order) =>
        (_terms, _page, _order) = (terms, page, order);

    /// <summary>Reads a query; "" is all exceptions. Throws <see cref="ApiException"/> with code 3 for what cannot be searched.</summary>
    public static ExceptionQuery Parse(ListExceptionsRequest request)
    {
        if (request.Query.Length > MaxCharacters)
        {
            throw Wrong($"a query has at most {MaxCharacters} characters");
        }

        string order = request.Pagination.SortOption.Field is { Length: > 0 } field ? field : "Created Time";
        return new ExceptionQuery([.. TermsOf(request.Query).Select(ReadTerm)], request.Pagination, FieldOf(order));
    }

    /// <summary>Those of the exceptions that fit, in their order and on the page that was asked for.</summary>
    public IEnumerable<VulnerabilityException> PageOf(IEnumerable<VulnerabilityException> exceptions)
    {
        IEnumerable<VulnerabilityException> found = exceptions.Where(exception => _terms.All(fits => fits(exception)));
        IOrderedEnumerable<VulnerabilityException> ordered = _page.SortOption.Reversed
            ? found.OrderByDescending(_order.KeyOf, StringComparer.Ordinal)
            : found.OrderBy(_order.KeyOf, StringComparer.Ordinal);
        return ordered.ThenBy(exception => exception.Id, StringComparer.Ordinal).Skip(_page.Offset).Take(_page.Limit);
    }

    // A plus joins only where a colon follows it, and within double quotes nothing is a mark
    // (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/parser.go).
    private static IEnumerable<string> TermsOf(string query)
    {
        int begin = 0;
        int plus = 0;
        bool isQuoted = false;
        for (int i = 0; i < query.Length; i++)
        {
            switch (query[i])
            {
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case ':' when !isQuoted && plus > 0 && plus >= begin:
                    yield return query[begin..plus];
                    begin = plus + 1;
                    break;
                case '+' when !isQuoted:
                    plus = i;
                    break;
            }
        }

        if (!string.IsNullOrWhiteSpace(query[begin..]))
        {
            yield return query[begin..];
        }
    }

    private static Func<VulnerabilityException, bool> ReadTerm(string term)
    {
        int colon = term.IndexOf(':', StringComparison.Ordinal);
        string value = colon < 0 ? "" : term[(colon + 1)..].Trim();
        if (value.Length == 0)
        {
            throw Wrong($"query term {HostileText.Quote(term)} is not FIELD:VALUE");
        }

        Field field = FieldOf(term[..colon].Trim());
        Func<VulnerabilityException, bool>[] values = [.. ValuesOf(value).Select(field.Read)];
        return exception => values.Any(fits => fits(exception));
    }

    private static IEnumerable<string> ValuesOf(string values)
    {
        int begin = 0;
        bool isQuoted = false;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (values[i] == ',' && !isQuoted)
            {
                yield return values[begin..i];
                begin = i + 1;
            }
        }

        yield return values[begin..];
    }

    private static Field FieldOf(string name) =>
        Fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw Wrong($"exceptions are not searched by {HostileText.Quote(name)}, only by {string.Join(", ", Fields.Select(field => field.Name))}");

    private static IReadOnlyList<string> UpdatedOf(VulnerabilityException exception, ExceptionTarget target) =>
        exception.Target == target && exception.Update is { } update ? update.Cves : [];

    private static string ProtoNameOf<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());

    private static ApiException Wrong(string reason) => new(GrpcCode.InvalidArgument, $"{reason}: invalid arguments");

    /// <summary>Something that exceptions can be found by and put in order by.</summary>
    private sealed record Field(string Name, Func<VulnerabilityException, string> KeyOf, Func<string, Func<VulnerabilityException, bool>> Read)
    {
        public static Field OfTexts(string name, Func<VulnerabilityException, IReadOnlyList<string>> texts) =>
            new(name, exception => texts(exception) is [var first, ..] ? first : "", value => ReadText(value, texts));

        // https://github.com/stackrox/stackrox/blob/4.5.0/pkg/parse/bool.go
        public static Field OfFlag(string name, Func<VulnerabilityException, bool> flag) => new(name, exception => flag(exception) ? "1" : "0", value =>
        {
            bool isTrue = value == "1" || (value.Length > 0 && "true".StartsWith(value, StringComparison.OrdinalIgnoreCase));
            bool isFalse = value == "0" || (value.Length > 0 && "false".StartsWith(value, StringComparison.OrdinalIgnoreCase));
            return isTrue || isFalse
                ? exception => flag(exception) == isTrue
                : throw Wrong($"{name} is true or false, not {HostileText.Quote(value)}");
        });

        public static Field OfMoment(string name, Func<VulnerabilityException, DateTimeOffset?> moment) => new(
            name,
            exception => $"{moment(exception)?.UtcTicks ?? long.MaxValue:d19}",
            _ => throw Wrong($"{name} puts in order, and is not searched"));

        private static Func<VulnerabilityException, bool> ReadText(string value, Func<VulnerabilityException, IReadOnlyList<string>> texts)
        {
            bool isNegated = value.Length > 1 && value[0] == '!';
            string wanted = isNegated ? value[1..] : value;
            Predicate<string> fits = wanted is ['"', .., '"']
                ? text => text.Equals(wanted[1..^1], StringComparison.Ordinal)
                : wanted == "*" ? _ => true
                : text => text.StartsWith(wanted, StringComparison.OrdinalIgnoreCase);
            return exception => texts(exception).Any(text => fits(text)) != isNegated;
        }
    }
}

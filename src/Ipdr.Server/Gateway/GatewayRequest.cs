using System.Globalization;
using System.Net.Http.Headers;
using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;
using Microsoft.AspNetCore.Http;

namespace Ipdr.Server.Gateway;

/// <summary>What a request under <c>/ipfs/</c> asks for (IPFS specifications, "Trustless Gateway").</summary>
/// <param name="Path">The content.</param>
/// <param name="Format">How it is wanted.</param>
internal sealed record GatewayRequest(ContentPath Path, GatewayFormat Format)
{
    public const string RawType = "application/vnd.ipld.raw";
    public const string CarType = "application/vnd.ipld.car";

    private const string RecordType = "application/vnd.ipfs.ipns-record";

    // Other formats of the specifications, which are not made here.
    private const string IpldPrefix = "application/vnd.ipld.";

    private static readonly string[] Orders = ["dfs", "unk"];

    /// <summary>What goes into a CAR.</summary>
    public CarSelection Selection { get; private init; } = new();

    /// <summary>Whether the format was chosen by an Accept header, and not by the address.</summary>
    public bool IsByAccept { get; private init; }

    /// <summary>How the format is written in an address.</summary>
    public string FormatText => Format == GatewayFormat.Car ? "car" : "raw";

    /// <summary>Reads a request.</summary>
    /// <exception cref="GatewayException">It is malformed, or wants what is not made here.</exception>
    public static GatewayRequest Read(HttpRequest request, bool plain)
    {
        if (ContentPath.Read(request.Path.Value, out ContentPath? path) is var fault and not CidFault.None)
            throw Bad($"the path does not begin with a CID that can be used: {CidFormatException.Describe(fault, "").What}");
        (GatewayFormat? format, NameValueHeaderValue[] parameters, bool byAccept) = ReadFormat(request);
        if (format is null && !plain)
            throw Bad("say which format you want: ?format=raw, ?format=car, or an Accept header");
        GatewayRequest read = new(path!, format ?? GatewayFormat.Plain) { IsByAccept = byAccept };
        return read.Format == GatewayFormat.Car ? read with { Selection = ReadSelection(request.Query, parameters) } : read;
    }

    public static GatewayException Bad(string message) => new(StatusCodes.Status400BadRequest, message);

    // The address wins over the header: it is what caches and people see (IPIP-523).
    private static (GatewayFormat? Format, NameValueHeaderValue[] Parameters, bool ByAccept) ReadFormat(HttpRequest request)
    {
        IReadOnlyList<MediaTypeWithQualityHeaderValue> accepted = ReadAccept(request);
        if (request.Query["format"] is [{ Length: > 0 } text, ..])
        {
            GatewayFormat format = text switch
            {
                "raw" => GatewayFormat.Raw,
                "car" => GatewayFormat.Car,
                "ipns-record" => GatewayFormat.IpnsRecord,
                _ => throw new GatewayException(StatusCodes.Status406NotAcceptable, $"the format \"{Shown(text)}\" is not made here"),
            };
            MediaTypeWithQualityHeaderValue? same = format == GatewayFormat.Car ? accepted.FirstOrDefault(type => type.MediaType == CarType) : null;
            return (format, [.. same?.Parameters ?? []], false);
        }
        foreach (MediaTypeWithQualityHeaderValue type in accepted)
        {
            switch (type.MediaType)
            {
                case RawType:
                    return (GatewayFormat.Raw, [], true);
                case CarType:
                    return (GatewayFormat.Car, [.. type.Parameters], true);
                case RecordType:
                    return (GatewayFormat.IpnsRecord, [], true);
                case { } other when other.StartsWith(IpldPrefix, StringComparison.Ordinal):
                    throw new GatewayException(StatusCodes.Status406NotAcceptable, $"{other} is not made here");
            }
        }
        return (null, [], false);
    }

    private static IReadOnlyList<MediaTypeWithQualityHeaderValue> ReadAccept(HttpRequest request)
    {
        List<MediaTypeWithQualityHeaderValue> types = [];
        foreach (string part in request.Headers.Accept.SelectMany(value => (value ?? "").Split(',')))
        {
            if (MediaTypeWithQualityHeaderValue.TryParse(part.Trim(), out MediaTypeWithQualityHeaderValue? type) && type.Quality is not 0)
                types.Add(type);
        }
        return [.. types.OrderByDescending(type => type.Quality ?? 1)];
    }

    private static CarSelection ReadSelection(IQueryCollection query, NameValueHeaderValue[] parameters)
    {
        if (Value("car-version", "version") is { } version and not "1")
            throw Bad($"CARs of version \"{Shown(version)}\" are not made here, only those of version 1");
        if (Value("car-order", "order") is { } order && !Orders.Contains(order))
            throw Bad($"the order \"{Shown(order)}\" is not known: it is dfs or unk");
        string duplicates = Value("car-dups", "dups") ?? "n";
        if (duplicates is not ("y" or "n"))
            throw Bad("dups is y or n");
        CarScope scope = query["dag-scope"] switch
        {
            [] or [""] => CarScope.All,
            ["block"] => CarScope.Block,
            ["entity"] => CarScope.Entity,
            ["all"] => CarScope.All,
            _ => throw Bad("dag-scope is block, entity or all"),
        };
        if (query["entity-bytes"] is not [{ Length: > 0 } range, ..])
            return new CarSelection { Scope = scope, Duplicates = duplicates == "y" };
        if (!EntityBytes.TryParse(range, null, out EntityBytes bytes))
            throw Bad("entity-bytes is written FROM:TO, where TO may be *");
        return new CarSelection { Scope = CarScope.Entity, Bytes = bytes, Duplicates = duplicates == "y" };

        string? Value(string name, string parameter) => query[name] is [{ Length: > 0 } value, ..]
            ? value
            : parameters.FirstOrDefault(found => found.Name.Equals(parameter, StringComparison.OrdinalIgnoreCase))?.Value?.Trim('"');
    }

    private static string Shown(string text)
    {
        const int MaxShown = 40;
        return string.Concat(text.Take(MaxShown).Where(c => c is > ' ' and < (char)127)).ToString(CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using Ipdr.Oci.Digests;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Verification.Documents;
using Ipdr.Oci.Verification.Files;

namespace Ipdr.Oci.Verification.Views;

/// <summary>A blob that is read as a document: size and digest first, then its JSON.</summary>
internal readonly record struct DocumentReading
{
    /// <summary>The document; null when there is none to go on with. The caller disposes of it.</summary>
    public StrictDocument? Document { get; private init; }

    /// <summary>The bytes were not read as a document; they have to be hashed like any other content.</summary>
    public bool IsUnread { get; private init; }

    /// <summary>SHA-256 of the bytes.</summary>
    public Digest? Sha256 { get; private init; }

    /// <summary>Reads a document and files with <paramref name="item"/> what is wrong with it.</summary>
    /// <param name="context">What all views share.</param>
    /// <param name="item">Takes the findings.</param>
    /// <param name="file">The blob.</param>
    /// <param name="descriptor">What is promised of it.</param>
    /// <param name="code">What a broken document of this kind is called.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<DocumentReading> ReadAsync(VerificationContext context, CheckedItem item, TargetFile file, FoundDescriptor descriptor, FaultCode code, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte>? read;
        try
        {
            read = await context.Files.ReadAsync(file, Images.Document.MaxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            item.Add(Finding.Of(FaultCode.Io, "the document cannot be read: " + e.Message.TrimEnd('.'), new Place(file.Path)));
            return default;
        }
        catch (IpdrException e)
        {
            // Whoever has it does not give it out, or gives something else.
            item.Add(e.Faults.Select(fault => Finding.Of(fault, new Place(file.Path))));
            return default;
        }
        if (read is not { } bytes)
            return new DocumentReading { IsUnread = true };
        context.NoteDocument(file, bytes.Length);
        // What bytes say that are not the promised ones is of no interest, and where they lead least of all.
        if (!JudgeBytes(item, file, descriptor, bytes.Span))
        {
            context.Want(file.Path, descriptor.Digest!.Value, descriptor.Size);
            return default;
        }
        return new DocumentReading
        {
            Document = StrictDocument.Parse(bytes, file.Path, code, item),
            Sha256 = Digest.OfContent(DigestAlgorithm.Sha256, bytes.Span),
        };
    }

    /// <summary>The descriptor is wrong about the size of the document.</summary>
    public static Finding WrongSize(FoundDescriptor descriptor, long expected, long actual) => Finding.Of(
        FaultCode.SizeMismatch,
        "the descriptor says another size than its content has",
        descriptor.Place with { JsonPointer = descriptor.Place.JsonPointer + "/size" },
        string.Create(CultureInfo.InvariantCulture, $"{expected} bytes"),
        string.Create(CultureInfo.InvariantCulture, $"{actual} bytes"));

    /// <summary>The content is the promised one, and no document.</summary>
    public static Finding NoDocument(TargetFile file) => file.Size > Images.Document.MaxBytes
        ? Finding.Of(FaultCode.Limit, "the document is too large", new Place(file.Path), $"at most {Images.Document.MaxBytes} bytes", $"{file.Size} bytes")
        : Finding.Of(FaultCode.BadManifest, "a JSON document is needed here", new Place(file.Path));

    private static bool JudgeBytes(CheckedItem item, TargetFile file, FoundDescriptor descriptor, ReadOnlySpan<byte> bytes)
    {
        Digest promised = descriptor.Digest!.Value, actual = Digest.OfContent(promised.Algorithm, bytes);
        if (actual == promised)
        {
            if (descriptor.Size is { } size && size != bytes.Length)
                item.Add(WrongSize(descriptor, size, bytes.Length));
            return true;
        }
        if (descriptor.Size is { } wanted && wanted != bytes.Length)
        {
            item.Add(Finding.Of(
                FaultCode.SizeMismatch,
                "the content has neither the size nor the digest that is promised",
                new Place(file.Path),
                string.Create(CultureInfo.InvariantCulture, $"{wanted} bytes"),
                string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} bytes")));
        }
        else
        {
            item.Add(Finding.Of(FaultCode.DigestMismatch, "the content does not have the digest that names it", new Place(file.Path), promised.ToString(), actual.ToString()));
        }
        return false;
    }
}

using Ipdr.Oci.Car;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways;

/// <summary>A source that can give many parts of a file in one answer.</summary>
internal interface IFileSource
{
    /// <summary>Asks for a part of a file as a CAR: the top block, then those that have the bytes, depth first, none of them twice.</summary>
    /// <param name="file">The file's top block.</param>
    /// <param name="bytes">The part; null for the whole file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The answer, for the caller to dispose of; null from a place that does not make such answers, or not of this file.</returns>
    /// <exception cref="SourceException">It cannot be reached, asks to come back later, or gives something else.</exception>
    Task<CarBody?> TryReadFileAsync(Cid file, EntityBytes? bytes, CancellationToken cancellationToken);
}

using AfirGen.ServiceDefaults.Draining;

namespace AfirGen.ServiceDefaults.Draining
{
    /// <summary>
    /// An endpoint with this metadata answers while the service drains, and is not waited for: health, liveness, metrics, and the drain
    /// operation itself, which would otherwise wait for its own end. Never put it on an endpoint that writes.
    /// </summary>
    [AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
    public sealed class AllowWhileDrainingAttribute : Attribute;
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Marks endpoints that answer while the service drains.</summary>
    public static class AllowWhileDrainingExtensions
    {
        /// <inheritdoc cref="AllowWhileDrainingAttribute"/>
        public static TBuilder AllowWhileDraining<TBuilder>(this TBuilder builder)
            where TBuilder : IEndpointConventionBuilder
        {
            builder.Add(endpoint => endpoint.Metadata.Add(new AllowWhileDrainingAttribute()));
            return builder;
        }
    }
}

# The network of memberships in R: read, project, measure, draw.
#
# Packages: install.packages(c("igraph", "tidygraph")), or on Debian apt-get install r-cran-igraph r-cran-tidygraph.
# Files, made in a terminal:
#   solgraph network memberships -o memberships.graphml
#   solgraph network memberships -o memberships.csv

library(igraph)
library(tidygraph)

# GraphML: 'type' is FALSE for cities and TRUE for networks, so that igraph knows the two modes.
memberships <- read_graph("memberships.graphml", format = "graphml")
V(memberships)$name <- V(memberships)$id  # labels may repeat, keys do not
stopifnot(any_multiple(memberships))  # mostly two roles of a city in a network
once <- simplify(memberships, edge.attr.comb = "ignore")  # a city that joined twice is a member once

# What is in what, then the two projections; the weight of an edge counts what is shared.
incidence <- as_incidence_matrix(once)
projections <- bipartite_projection(once)
cities <- projections$proj1
networks <- projections$proj2
shared <- crossprod(incidence)
stopifnot(all(shared[as_edgelist(networks)] == E(networks)$weight))

heaviest <- networks |>
  as_data_frame() |>
  (\(edges) edges[order(-edges$weight, edges$from, edges$to), ])() |>
  head(5)
print(heaviest, row.names = FALSE)

# A weight is a strength, but igraph takes it for a length: with weights = NA paths count steps.
brokers <- sort(betweenness(networks, weights = NA), decreasing = TRUE)
print(head(round(brokers), 5))

# CSV: the same with tidygraph, whose verbs are those of dplyr.
nodes <- read.csv("memberships-nodes.csv", encoding = "UTF-8")
edges <- unique(read.csv("memberships-edges.csv", encoding = "UTF-8")[c("Source", "Target")])
names(edges) <- c("from", "to")
ties <- tbl_graph(nodes, edges, directed = FALSE, node_key = "Id")
best_linked <- ties |>
  activate(nodes) |>
  mutate(memberships = centrality_degree()) |>
  filter(!type) |>
  arrange(desc(memberships), Label) |>
  as_tibble()
print(head(best_linked[c("Label", "country", "memberships")], 5))

# A figure: networks that share eight cities or more, as large as their lists are long.
strong <- delete_edges(networks, which(E(networks)$weight < 8))
strong <- delete_vertices(strong, which(degree(strong) == 0))
set.seed(1)
cairo_pdf("networks.pdf", width = 8, height = 8)
plot(
  strong,
  layout = layout_with_fr(strong, weights = NA, niter = 5000),
  vertex.label = V(strong)$label, vertex.label.cex = 0.6, vertex.label.color = "black",
  vertex.size = 3 + sqrt(diag(shared)[V(strong)$name]), vertex.color = "#e69f00", vertex.frame.color = NA,
  edge.width = E(strong)$weight / 5, edge.color = "#00000040"
)
invisible(dev.off())

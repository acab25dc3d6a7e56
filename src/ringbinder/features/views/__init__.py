"""How a person looks at the documents of a binder: columns, order, filters, and views of these."""
